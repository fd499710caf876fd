#include "pkg/json/slot.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <type_traits>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include "pkg/json/base64.hpp"
#include "pkg/json/json.hpp"

namespace pkg::json {
namespace {

using errors::ErrorKind;
using errors::Result;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::util::TimeUtil;

std::unexpected<errors::Error> out_of_range(const FieldDescriptor& field) {
  return errors::fail(ErrorKind::malformed, "out_of_range", "The number does not fit: " + wanted(field) + " is wanted.");
}

template <class T, class From>
bool fits(From value) {
  return std::in_range<T>(value);
}

template <class From>
Result<> put_integer(const Slot& slot, From value) {
  Message& message = slot.message;
  const FieldDescriptor& field = slot.field;
  const Reflection& reflection = *message.GetReflection();
  const bool add = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: {
      if (!fits<std::int32_t>(value)) return out_of_range(field);
      const auto v = static_cast<std::int32_t>(value);
      add ? reflection.AddInt32(&message, &field, v) : reflection.SetInt32(&message, &field, v);
      return {};
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      if (!fits<std::int64_t>(value)) return out_of_range(field);
      const auto v = static_cast<std::int64_t>(value);
      add ? reflection.AddInt64(&message, &field, v) : reflection.SetInt64(&message, &field, v);
      return {};
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      if (!fits<std::uint32_t>(value)) return out_of_range(field);
      const auto v = static_cast<std::uint32_t>(value);
      add ? reflection.AddUInt32(&message, &field, v) : reflection.SetUInt32(&message, &field, v);
      return {};
    }
    case FieldDescriptor::CPPTYPE_UINT64: {
      if (!fits<std::uint64_t>(value)) return out_of_range(field);
      const auto v = static_cast<std::uint64_t>(value);
      add ? reflection.AddUInt64(&message, &field, v) : reflection.SetUInt64(&message, &field, v);
      return {};
    }
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_BOOL:
    case FieldDescriptor::CPPTYPE_ENUM:
    case FieldDescriptor::CPPTYPE_STRING:
    case FieldDescriptor::CPPTYPE_MESSAGE: break;
  }
  return wrong_type(field);
}

Result<> put_decimal(const Slot& slot, std::string_view text) {
  const auto parse = [&]<class T>(T value) -> Result<> {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || end != text.data() + text.size() || error == std::errc::invalid_argument) return wrong_type(slot.field);
    if (error == std::errc::result_out_of_range) return out_of_range(slot.field);
    return put_integer(slot, value);
  };
  return text.starts_with('-') ? parse(std::int64_t{}) : parse(std::uint64_t{});
}

Result<> put_word(const Slot& slot, std::string_view word) {
  const EnumDescriptor& type = *slot.field.enum_type();
  const auto* value = type.FindValueByName(std::string(word));
  if (value == nullptr || is_unspecified(*value)) {
    return errors::fail(ErrorKind::malformed, "unknown_value", "There is no such word: " + wanted(slot.field) + " is wanted.");
  }
  const Reflection& reflection = *slot.message.GetReflection();
  slot.field.is_repeated() ? reflection.AddEnum(&slot.message, &slot.field, value) : reflection.SetEnum(&slot.message, &slot.field, value);
  return {};
}

Result<> put_text(const Slot& slot, std::string text) {
  // PostgreSQL has no text with U+0000; a caller who sends it is told so here instead of failing somewhere further in.
  if (slot.field.type() == FieldDescriptor::TYPE_STRING && text.find('\0') != std::string::npos) {
    return errors::fail(ErrorKind::malformed, "bad_character", "Text cannot hold the character U+0000.");
  }
  const Reflection& reflection = *slot.message.GetReflection();
  slot.field.is_repeated() ? reflection.AddString(&slot.message, &slot.field, std::move(text))
                           : reflection.SetString(&slot.message, &slot.field, std::move(text));
  return {};
}

/// "2024-05-31T16:20:00.5+02:00". The offset is taken off here: where the time leaves the years 1 to 9999 with it, protobuf's own reader
/// throws.
bool read_time(std::string_view text, google::protobuf::Timestamp& time) {
  std::int64_t offset = 0;  // in minutes
  if (text.ends_with('Z')) {
    text.remove_suffix(1);
  } else {
    if (text.size() < 6) return false;
    const std::string_view zone = text.substr(text.size() - 6);
    text.remove_suffix(6);
    const auto two_digits = [&zone](std::size_t at, int most) {
      int value = -1;
      const char* const end = zone.data() + at + 2;
      return std::from_chars(zone.data() + at, end, value).ptr == end && value >= 0 && value <= most ? value : -1;
    };
    const int hours = two_digits(1, 23);
    const int minutes = two_digits(4, 59);
    if ((zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || hours < 0 || minutes < 0) return false;
    offset = (zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
  }
  if (text.find('\0') != std::string_view::npos || !TimeUtil::FromString(std::string(text) + 'Z', &time)) return false;
  time.set_seconds(time.seconds() - offset * 60);
  return true;
}

/// "-1.5s". protobuf's own reader passes on what strtoll() takes: blanks, a second sign, any number of digits.
bool read_time(std::string_view text, google::protobuf::Duration& duration) {
  std::string_view rest = text;
  const auto take_digits = [&rest](std::size_t most) {
    const std::size_t count = std::min(rest.find_first_not_of("0123456789"), rest.size());
    rest.remove_prefix(count);
    return count >= 1 && count <= most;
  };
  if (rest.starts_with('-')) rest.remove_prefix(1);
  if (!take_digits(12)) return false;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    if (!take_digits(9)) return false;
  }
  return rest == "s" && TimeUtil::FromString(std::string(text), &duration);
}

template <class T>
Result<> put_time(const Slot& slot, std::string_view text) {
  T value;
  if (!read_time(text, value)) return wrong_type(slot.field);
  if (!has_text(value)) {
    return errors::fail(ErrorKind::malformed, "out_of_range", "The time does not fit: " + wanted(slot.field) + " is wanted.");
  }
  const Reflection& reflection = *slot.message.GetReflection();
  Message* target =
      slot.field.is_repeated() ? reflection.AddMessage(&slot.message, &slot.field) : reflection.MutableMessage(&slot.message, &slot.field);
  target->CopyFrom(value);
  return {};
}

}  // namespace

Result<> Slot::put_int64(std::int64_t value) const { return put_integer(*this, value); }
Result<> Slot::put_uint64(std::uint64_t value) const { return put_integer(*this, value); }

Result<> Slot::put_bool(bool value) const {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_BOOL) return wrong_type(field);
  const Reflection& reflection = *message.GetReflection();
  field.is_repeated() ? reflection.AddBool(&message, &field, value) : reflection.SetBool(&message, &field, value);
  return {};
}

Result<> Slot::put_string(std::string_view text) const {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      if (field.type() != FieldDescriptor::TYPE_BYTES) return put_text(*this, std::string(text));
      auto bytes = base64_decode(text);
      if (!bytes) return wrong_type(field);
      return put_text(*this, std::move(*bytes));
    }
    case FieldDescriptor::CPPTYPE_ENUM: return put_word(*this, text);
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64: return put_decimal(*this, text);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field.message_type() == google::protobuf::Timestamp::descriptor()) return put_time<google::protobuf::Timestamp>(*this, text);
      if (field.message_type() == google::protobuf::Duration::descriptor()) return put_time<google::protobuf::Duration>(*this, text);
      break;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_BOOL: break;
  }
  return wrong_type(field);
}

bool is_parameter(const FieldDescriptor& field) {
  return !field.is_map() && (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || is_text_message(*field.message_type()));
}

Result<> read_parameter(std::string_view text, Message& into, const FieldDescriptor& field) {
  if (!is_parameter(field)) return wrong_type(field);
  const Slot slot{into, field};
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 || field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
    return put_decimal(slot, text);
  }
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_BOOL) return slot.put_string(text);
  if (text != "true" && text != "false") return wrong_type(field);
  return slot.put_bool(text == "true");
}

bool is_text_message(const google::protobuf::Descriptor& message) {
  return &message == google::protobuf::Timestamp::descriptor() || &message == google::protobuf::Duration::descriptor();
}

bool has_text(const google::protobuf::Timestamp& time) {
  return time.seconds() >= TimeUtil::kTimestampMinSeconds && time.seconds() <= TimeUtil::kTimestampMaxSeconds && time.nanos() >= 0 &&
         time.nanos() < 1'000'000'000;
}

bool has_text(const google::protobuf::Duration& duration) {
  const bool one_sign = (duration.seconds() >= 0 && duration.nanos() >= 0) || (duration.seconds() <= 0 && duration.nanos() <= 0);
  return one_sign && duration.seconds() >= TimeUtil::kDurationMinSeconds && duration.seconds() <= TimeUtil::kDurationMaxSeconds &&
         duration.nanos() > -1'000'000'000 && duration.nanos() < 1'000'000'000;
}

bool is_unspecified(const google::protobuf::EnumValueDescriptor& value) {
  const std::string& name = value.name();
  return value.number() == 0 && (name == "UNSPECIFIED" || name.ends_with("_UNSPECIFIED"));
}

std::string wanted(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: return "a whole number from -2147483648 to 2147483647";
    case FieldDescriptor::CPPTYPE_UINT32: return "a whole number from 0 to 4294967295";
    case FieldDescriptor::CPPTYPE_INT64: return "a whole number of 64 bits";
    case FieldDescriptor::CPPTYPE_UINT64: return "a whole number from 0 on";
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT: return "nothing (this API has no fractions)";
    case FieldDescriptor::CPPTYPE_BOOL: return "true or false";
    case FieldDescriptor::CPPTYPE_STRING: return field.type() == FieldDescriptor::TYPE_BYTES ? "base64" : "a string";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field.message_type() == google::protobuf::Timestamp::descriptor()) return "a time such as \"2024-05-31T16:20:00Z\"";
      if (field.message_type() == google::protobuf::Duration::descriptor()) return "a duration such as \"1.5s\"";
      return "an object";
    case FieldDescriptor::CPPTYPE_ENUM: break;
  }
  std::string words = "one of ";
  for (int i = 0; i < field.enum_type()->value_count(); ++i) {
    const auto& value = *field.enum_type()->value(i);
    if (is_unspecified(value)) continue;
    if (words.size() > 7) words += ", ";
    words += value.name();
  }
  return words;
}

std::unexpected<errors::Error> wrong_type(const FieldDescriptor& field) {
  return errors::fail(ErrorKind::malformed, "wrong_type", "A value of another kind is wanted: " + wanted(field) + ".");
}

}  // namespace pkg::json
