#pragma once
// Internal to pkg/json: one place for a value, and the rules of what may go there.

#include <cstdint>
#include <string>
#include <string_view>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include "pkg/errors/error.hpp"

namespace pkg::json {

/// A field that takes one value; a repeated field takes it as its next element. Failures carry no path: that is the reader's.
struct Slot {
  google::protobuf::Message& message;
  const google::protobuf::FieldDescriptor& field;

  errors::Result<> put_int64(std::int64_t value) const;
  errors::Result<> put_uint64(std::uint64_t value) const;
  errors::Result<> put_bool(bool value) const;
  /// Of a JSON string: text, enum words, times, base64, and 64-bit integers in decimal.
  errors::Result<> put_string(std::string_view text) const;
};

/// True for messages that are a JSON string: Timestamp and Duration.
bool is_text_message(const google::protobuf::Descriptor& message);

/// False for a value that protobuf calls invalid: it has no text, and protobuf's own writer throws.
bool has_text(const google::protobuf::Timestamp& time);
bool has_text(const google::protobuf::Duration& duration);

/// What the field wants, for people: "a whole number", "one of OPEN, CLOSED".
std::string wanted(const google::protobuf::FieldDescriptor& field);

/// The field wants something else than what came.
std::unexpected<errors::Error> wrong_type(const google::protobuf::FieldDescriptor& field);

}  // namespace pkg::json
