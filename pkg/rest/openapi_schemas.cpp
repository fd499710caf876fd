#include "pkg/rest/openapi_schemas.hpp"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "pkg/json/json.hpp"

namespace pkg::rest {

using boost::json::array;
using boost::json::object;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

object Schemas::of(const Descriptor& message) {
  if (&message == google::protobuf::Timestamp::descriptor()) return {{"type", "string"}, {"format", "date-time"}};
  if (&message == google::protobuf::Duration::descriptor()) return {{"type", "string"}, {"pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$"}};
  const std::string name = name_of(message);
  if (!all_.contains(name)) {
    all_[name] = object();  // a message may contain itself
    object properties;
    for (int i = 0; i < message.field_count(); ++i) properties[message.field(i)->json_name()] = of(*message.field(i));
    object schema{{"type", "object"}};
    if (const auto comment = comments_.of_message(message.full_name()); !comment.empty()) schema["description"] = comment;
    if (!properties.empty()) schema["properties"] = std::move(properties);
    all_[name] = std::move(schema);
  }
  return {{"$ref", "#/components/schemas/" + name}};
}

object Schemas::of(const FieldDescriptor& field) {
  object schema;
  if (field.is_map()) {
    schema = {{"type", "object"}, {"additionalProperties", of_element(*field.message_type()->map_value())}};
  } else if (field.is_repeated()) {
    schema = {{"type", "array"}, {"items", of_element(field)}};
  } else {
    schema = of_element(field);
  }
  const std::string comment = comments_.of_field(field.full_name());
  if (comment.empty()) return schema;
  // Beside $ref nothing else counts.
  if (schema.contains("$ref")) schema = {{"allOf", array{std::move(schema)}}};
  schema["description"] = comment;
  return schema;
}

object Schemas::of_element(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: return {{"type", "integer"}, {"format", "int32"}};
    case FieldDescriptor::CPPTYPE_INT64: return {{"type", "integer"}, {"format", "int64"}};
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64: return {{"type", "integer"}, {"format", "int64"}, {"minimum", 0}};
    case FieldDescriptor::CPPTYPE_BOOL: return {{"type", "boolean"}};
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_BYTES) return {{"type", "string"}, {"format", "byte"}};
      return {{"type", "string"}};
    case FieldDescriptor::CPPTYPE_ENUM: {
      array words;
      for (int i = 0; i < field.enum_type()->value_count(); ++i) {
        const auto& value = *field.enum_type()->value(i);
        if (!json::is_unspecified(value)) words.emplace_back(value.name());
      }
      return {{"type", "string"}, {"enum", std::move(words)}};
    }
    case FieldDescriptor::CPPTYPE_MESSAGE: return of(*field.message_type());
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT: break;
  }
  return {{"not", object()}};  // pkg/json has no fractions: no value is right
}

/// Short as long as that is clear: two packages may use the same name.
std::string Schemas::name_of(const Descriptor& message) {
  const std::string& package = message.file()->package();
  std::string name = package.empty() ? message.full_name() : message.full_name().substr(package.size() + 1);
  const auto [taken, is_new] = names_.emplace(name, &message);
  return taken->second == &message ? name : message.full_name();
}

}  // namespace pkg::rest
