#include "pkg/messaging/cloud_event.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "pkg/ids/uuid.hpp"
#include "pkg/messaging/header_text.hpp"

namespace pkg::messaging {
namespace {

enum class Presence { required, optional };

struct TextAttribute {
  std::string_view name;
  std::string Message::* member;
  Presence presence;
};

constexpr std::array text_attributes{
    TextAttribute{"ce-id", &Message::id, Presence::required},
    TextAttribute{"ce-type", &Message::type, Presence::required},
    TextAttribute{"ce-source", &Message::source, Presence::required},
    TextAttribute{"ce-subject", &Message::subject, Presence::optional},
    TextAttribute{"ce-partitionkey", &Message::key, Presence::required},
    TextAttribute{"ce-correlationid", &Message::correlation_id, Presence::optional},
    TextAttribute{"ce-causationid", &Message::causation_id, Presence::optional},
    TextAttribute{"traceparent", &Message::traceparent, Presence::optional},
};

constexpr std::string_view spec_version_name = "ce-specversion";
constexpr std::string_view spec_version = "1.0";
constexpr std::string_view time_name = "ce-time";
constexpr std::string_view version_name = "ce-aggregateversion";
constexpr std::string_view content_type_name = "content-type";
constexpr std::string_view content_type = "application/protobuf";

constexpr std::size_t usual_header_lines = 640;  ///< bytes

const TextAttribute* text_attribute(std::string_view name) {
  const auto found = std::ranges::find(text_attributes, name, &TextAttribute::name);
  return found == text_attributes.end() ? nullptr : &*found;
}

bool is_attribute(std::string_view name) {
  return name == spec_version_name || name == time_name || name == version_name || name == content_type_name ||
         text_attribute(name) != nullptr;
}

bool is_header_name(std::string_view name) {
  return !name.empty() && name.size() <= max_header_name && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

std::unexpected<std::string> wrong(std::string_view name, std::string_view what) {
  return std::unexpected("header " + printable(name) + " " + std::string(what));
}

/// Gives the value as it is on the wire to `take`.
template <class Take>
std::expected<void, std::string> encode_value(std::string_view name, std::string_view value, const Take& take) {
  if (is_its_own_encoding(value) && value.size() <= max_header_value) return take(name, value), std::expected<void, std::string>();
  if (!is_plain_utf8(value)) return wrong(name, "is not UTF-8 without control characters");
  const std::string encoded = percent_encode(value);
  if (encoded.size() > max_header_value) return wrong(name, "is too long");
  take(name, encoded);
  return {};
}

std::expected<std::string, std::string> decode_value(std::string_view name, std::string_view value) {
  if (value.size() > max_header_value) return wrong(name, "is too long");
  if (is_its_own_encoding(value)) return std::string(value);
  auto decoded = percent_decode(value);
  if (!decoded) return wrong(name, "is not percent-encoded text: " + printable(value));
  if (!is_plain_utf8(*decoded)) return wrong(name, "is not UTF-8 without control characters");
  // Who wrote it may have encoded less than we do; a participant sends some headers back, and then they must fit.
  if (value.size() > max_header_value / 3 && percent_encode(*decoded).size() > max_header_value) return wrong(name, "is too long");
  return *std::move(decoded);
}

/// What has been seen while reading, to find what is doubled or missing.
struct Reading {
  Message message;
  bool has_spec_version = false;
  bool has_time = false;
  bool has_version = false;
  bool has_content_type = false;
};

std::optional<std::string> doubled(std::string_view name) { return "header " + std::string(name) + " came more than once"; }

/// Puts one header in its place, or says what is wrong with it.
std::optional<std::string> place(Reading& reading, std::string_view name, std::string value) {
  Message& message = reading.message;
  if (value.empty()) return wrong(name, "is empty").error();
  if (const auto* attribute = text_attribute(name)) {
    if (!(message.*attribute->member).empty()) return doubled(name);
    message.*attribute->member = std::move(value);
  } else if (name == spec_version_name) {
    if (std::exchange(reading.has_spec_version, true)) return doubled(name);
    if (value != spec_version) return wrong(name, "is not 1.0: " + printable(value)).error();
  } else if (name == content_type_name) {
    if (std::exchange(reading.has_content_type, true)) return doubled(name);
    if (value != content_type) return wrong(name, "is not application/protobuf: " + printable(value)).error();
  } else if (name == time_name) {
    const auto time = parse_time(value);
    if (std::exchange(reading.has_time, true)) return doubled(name);
    if (!time) return wrong(name, "is not a time in UTC: " + printable(value)).error();
    message.time = *time;
  } else if (name == version_name) {
    const auto version = parse_number(value);
    if (std::exchange(reading.has_version, true)) return doubled(name);
    if (!version) return wrong(name, "is not a number: " + printable(value)).error();
    message.aggregate_version = *version;
  } else if (!message.headers.emplace(name, std::move(value)).second) {
    return doubled(name);
  }
  return std::nullopt;
}

std::optional<std::string> missing(const Reading& reading) {
  if (!reading.has_spec_version) return wrong(spec_version_name, "is missing").error();
  if (!reading.has_content_type) return wrong(content_type_name, "is missing").error();
  if (!reading.has_time) return wrong(time_name, "is missing").error();
  for (const auto& attribute : text_attributes) {
    if (attribute.presence == Presence::required && (reading.message.*attribute.member).empty()) {
      return wrong(attribute.name, "is missing").error();
    }
  }
  if (!ids::Uuid::parse(reading.message.id)) return wrong("ce-id", "is not a UUID: " + printable(reading.message.id)).error();
  return std::nullopt;
}

/// Gives each header to `take`, as it is on the wire.
template <class Take>
std::expected<void, std::string> encode(const Message& message, const Take& take) {
  std::size_t count = 0;
  const auto take_counted = [&](std::string_view name, std::string_view value) {
    ++count;
    take(name, value);
  };
  take_counted(spec_version_name, spec_version);
  for (const auto& attribute : text_attributes) {
    const std::string& value = message.*attribute.member;
    if (value.empty() && attribute.presence == Presence::required) return wrong(attribute.name, "is missing");
    if (value.empty()) continue;
    if (auto encoded = encode_value(attribute.name, value, take_counted); !encoded) return encoded;
  }
  if (!ids::Uuid::parse(message.id)) return wrong("ce-id", "is not a UUID: " + printable(message.id));
  const auto time = format_time(message.time);
  if (!time) return wrong(time_name, "has a year of more than four digits");
  take_counted(time_name, *time);
  if (message.aggregate_version != 0) take_counted(version_name, std::to_string(message.aggregate_version));
  take_counted(content_type_name, content_type);
  for (const auto& [name, value] : message.headers) {
    if (!is_header_name(name) || is_attribute(name)) return wrong(name, "may not have this name");
    if (value.empty()) continue;
    if (auto encoded = encode_value(name, value, take_counted); !encoded) return encoded;
  }
  if (count > max_headers) return std::unexpected("more than " + std::to_string(max_headers) + " headers");
  return {};
}

}  // namespace

std::expected<std::vector<Header>, std::string> encode_headers(const Message& message) {
  std::vector<Header> headers;
  headers.reserve(text_attributes.size() + 4 + message.headers.size());
  auto encoded = encode(message, [&](std::string_view name, std::string_view value) { headers.emplace_back(name, value); });
  if (!encoded) return std::unexpected(std::move(encoded.error()));
  return headers;
}

std::expected<std::string, std::string> encode_header_lines(const Message& message) {
  std::string lines;
  lines.reserve(usual_header_lines);
  auto encoded = encode(message, [&](std::string_view name, std::string_view value) { append_header_line(lines, name, value); });
  if (!encoded) return std::unexpected(std::move(encoded.error()));
  return lines;
}

void append_header_line(std::string& lines, std::string_view name, std::string_view value) {
  lines.append(name).append(": ").append(value).append("\r\n");
}

std::expected<Message, std::string> decode_message(std::string_view channel, std::span<const HeaderView> headers,
                                                   std::string_view payload) {
  if (headers.size() > max_headers) return std::unexpected("more than " + std::to_string(max_headers) + " headers");
  Reading reading;
  for (const auto& [name, value] : headers) {
    if (!is_header_name(name)) return wrong(name, "may not have this name");
    auto decoded = decode_value(name, value);
    if (!decoded) return std::unexpected(std::move(decoded.error()));
    if (auto what = place(reading, name, *std::move(decoded))) return std::unexpected(*std::move(what));
  }
  if (auto what = missing(reading)) return std::unexpected(*std::move(what));
  reading.message.channel = channel;
  reading.message.payload = payload;
  return std::move(reading.message);
}

std::expected<Message, std::string> decode_message(std::string_view channel, std::span<const Header> headers, std::string_view payload) {
  return decode_message(channel, std::vector<HeaderView>(headers.begin(), headers.end()), payload);
}

std::optional<std::string_view> type_in(std::span<const HeaderView> headers) {
  constexpr std::string_view type_name = "ce-type";
  const auto found = std::ranges::find(headers, type_name, &HeaderView::first);
  if (found == headers.end() || found->second.empty() || !is_its_own_encoding(found->second)) return std::nullopt;
  if (std::find_if(found + 1, headers.end(), [&](const HeaderView& header) { return header.first == type_name; }) != headers.end()) {
    return std::nullopt;
  }
  return found->second;
}

std::optional<std::string_view> type_in(std::span<const Header> headers) {
  return type_in(std::vector<HeaderView>(headers.begin(), headers.end()));
}

std::string raw_text(std::span<const HeaderView> headers, std::string_view payload) {
  std::string text;
  for (const auto& [name, value] : headers) append_header_line(text, name, value);
  text += "\r\n";
  text += payload;
  return text;
}

std::string raw_text(std::span<const Header> headers, std::string_view payload) {
  return raw_text(std::vector<HeaderView>(headers.begin(), headers.end()), payload);
}

std::string printable(std::string_view bytes) {
  std::string text(bytes.substr(0, 80));
  std::ranges::replace_if(text, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return text;
}

}  // namespace pkg::messaging
