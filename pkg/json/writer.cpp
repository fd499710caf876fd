#include <array>
#include <charconv>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include "pkg/json/base64.hpp"
#include "pkg/json/json.hpp"
#include "pkg/json/slot.hpp"

namespace pkg::json {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::util::TimeUtil;

constexpr int not_an_element = -1;

void write_integer(auto value, std::string& out) {
  std::array<char, 24> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

template <class T>
void write_time(const T& time, std::string& out) {
  if (!has_text(time)) {
    out += "null";  // README: as if it were absent
  } else {
    write_string(TimeUtil::ToString(time), out);
  }
}

void write_message(const Message& message, std::string& out) {
  if (message.GetDescriptor() == google::protobuf::Timestamp::descriptor()) {
    write_time(static_cast<const google::protobuf::Timestamp&>(message), out);
  } else if (message.GetDescriptor() == google::protobuf::Duration::descriptor()) {
    write_time(static_cast<const google::protobuf::Duration&>(message), out);
  } else {
    write(message, out);
  }
}

/// One value: a singular field's, or an element's.
void write_value(const Message& message, const FieldDescriptor& field, int element, std::string& out) {
  const Reflection& r = *message.GetReflection();
  const bool single = element == not_an_element;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return write_integer(single ? r.GetInt32(message, &field) : r.GetRepeatedInt32(message, &field, element), out);
    case FieldDescriptor::CPPTYPE_INT64:
      return write_integer(single ? r.GetInt64(message, &field) : r.GetRepeatedInt64(message, &field, element), out);
    case FieldDescriptor::CPPTYPE_UINT32:
      return write_integer(single ? r.GetUInt32(message, &field) : r.GetRepeatedUInt32(message, &field, element), out);
    case FieldDescriptor::CPPTYPE_UINT64:
      return write_integer(single ? r.GetUInt64(message, &field) : r.GetRepeatedUInt64(message, &field, element), out);
    case FieldDescriptor::CPPTYPE_BOOL:
      out += (single ? r.GetBool(message, &field) : r.GetRepeatedBool(message, &field, element)) ? "true" : "false";
      return;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number = single ? r.GetEnumValue(message, &field) : r.GetRepeatedEnumValue(message, &field, element);
      const auto* value = field.enum_type()->FindValueByNumber(number);
      // A word that only a newer sender knows is passed on as what it is here: unknown.
      write_string(value != nullptr ? std::string_view(value->name()) : std::string_view("UNKNOWN"), out);
      return;
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      const std::string& text =
          single ? r.GetStringReference(message, &field, &scratch) : r.GetRepeatedStringReference(message, &field, element, &scratch);
      if (field.type() != FieldDescriptor::TYPE_BYTES) return write_string(text, out);
      out += '"';
      base64_encode(text, out);
      out += '"';
      return;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return write_message(single ? r.GetMessage(message, &field) : r.GetRepeatedMessage(message, &field, element), out);
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      out += "null";  // README: there are no fractions
      return;
  }
}

void write_map(const Message& message, const FieldDescriptor& field, std::string& out) {
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor& key = *field.message_type()->map_key();
  const int size = reflection.FieldSize(message, &field);
  out += '{';
  for (int i = 0; i < size; ++i) {
    const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
    if (i > 0) out += ',';
    const bool quoted = key.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    if (!quoted) out += '"';
    write_value(entry, key, not_an_element, out);
    if (!quoted) out += '"';
    out += ':';
    write_value(entry, *field.message_type()->map_value(), not_an_element, out);
  }
  out += '}';
}

bool is_written(const Message& message, const FieldDescriptor& field) {
  if (field.is_repeated()) return true;
  const Reflection& reflection = *message.GetReflection();
  if (field.has_presence() && !reflection.HasField(message, &field)) return false;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM && reflection.GetEnumValue(message, &field) == 0) {
    const auto* zero = field.enum_type()->FindValueByNumber(0);
    return zero == nullptr || !is_unspecified(*zero);
  }
  return true;
}

}  // namespace

void write_field(const Message& message, const FieldDescriptor& field, std::string& out) {
  if (!is_written(message, field)) {
    out += "null";
  } else if (field.is_map()) {
    write_map(message, field, out);
  } else if (field.is_repeated()) {
    const int size = message.GetReflection()->FieldSize(message, &field);
    out += '[';
    for (int i = 0; i < size; ++i) {
      if (i > 0) out += ',';
      write_value(message, field, i, out);
    }
    out += ']';
  } else {
    write_value(message, field, not_an_element, out);
  }
}

void write(const Message& message, std::string& out) {
  const auto& descriptor = *message.GetDescriptor();
  out += '{';
  bool first = true;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (!is_written(message, field)) continue;
    if (!first) out += ',';
    first = false;
    out += '"';
    out += field.json_name();
    out += "\":";
    write_field(message, field, out);
  }
  out += '}';
}

std::string write(const Message& message) {
  std::string out;
  write(message, out);
  return out;
}

void write_string(std::string_view text, std::string& out) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;  // where what is not yet copied begins
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    out += '\\';
    if (c == '\n') {
      out += 'n';
    } else if (c >= 0x20) {
      out += static_cast<char>(c);
    } else {
      out.append("u00").append(1, hex[c >> 4]).append(1, hex[c & 15]);
    }
  }
  out.append(text, plain);
  out += '"';
}

}  // namespace pkg::json
