#pragma once
// Protobuf messages as the JSON of our API. README.md has the rules in full.

#include <string>
#include <string_view>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "pkg/errors/error.hpp"

namespace pkg::json {

/// Levels of objects and arrays that are read; one more is an error.
inline constexpr int max_depth = 32;

/// Reads one JSON object into the message. What the text does not name stays as it was; lists grow. Always fails as `malformed`, with
/// the JSON path at fault in `field` where there is one: malformed_json, too_deep, unknown_field, duplicate_field,
/// conflicting_fields, wrong_type, out_of_range, unknown_value, bad_character. After a failure the message holds some of the text.
errors::Result<> read(std::string_view text, google::protobuf::Message& into);

/// Reads any JSON value into one field of the message.
errors::Result<> read_field(std::string_view text, google::protobuf::Message& into, const google::protobuf::FieldDescriptor& field);

/// Sets a field (of a repeated one: adds an element) from bare text, as it stands in a path or a query string. The field is neither a
/// map nor a message other than Timestamp and Duration. Fails like read(), `field` being empty.
errors::Result<> read_parameter(std::string_view text, google::protobuf::Message& into, const google::protobuf::FieldDescriptor& field);

/// True where read_parameter() can set the field.
bool is_parameter(const google::protobuf::FieldDescriptor& field);

/// Appends the message as one JSON object on one line.
void write(const google::protobuf::Message& message, std::string& out);
std::string write(const google::protobuf::Message& message);

/// Appends the value of one field, as it would stand after its name; `null` for an absent one.
void write_field(const google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field, std::string& out);

/// Appends text as a JSON string with its quotes. The text is UTF-8.
void write_string(std::string_view text, std::string& out);

/// True for the value 0 of an enum named UNSPECIFIED or *_UNSPECIFIED: it stands for "absent" and is neither written nor read.
bool is_unspecified(const google::protobuf::EnumValueDescriptor& value);

}  // namespace pkg::json
