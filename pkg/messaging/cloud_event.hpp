#pragma once
// CloudEvents 1.0 in binary mode: a message's envelope as broker headers, the same on every broker. Values are percent-encoded
// as the HTTP binding asks (section 3.1.3.2), so that they are printable ASCII on the wire and any UTF-8 to us.

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/messaging/message.hpp"

namespace pkg::messaging {

using Header = std::pair<std::string, std::string>;
using HeaderView = std::pair<std::string_view, std::string_view>;

inline constexpr std::size_t max_headers = 64;
inline constexpr std::size_t max_header_name = 64;     ///< bytes
inline constexpr std::size_t max_header_value = 4096;  ///< bytes on the wire, after percent-encoding

/// The headers of a message. What is empty (or 0) and not required is left out: an empty further header is the same as none. Fails with
/// a sentence where decode_message() would not read the headers back: an id that is no UUID; no type, source or key; control characters
/// or broken UTF-8; too long a value; a year that has not four digits; a further header that bears the name of an attribute.
std::expected<std::vector<Header>, std::string> encode_headers(const Message& message);

/// The same as text, "name: value" and an end of line (CR, LF) for each.
std::expected<std::string, std::string> encode_header_lines(const Message& message);
void append_header_line(std::string& lines, std::string_view name, std::string_view value);

/// Reads what encode_headers() wrote. Strict and total: whatever bytes come, it gives a message or a sentence that says what is
/// wrong. Attributes that we do not know are kept in Message::headers.
std::expected<Message, std::string> decode_message(std::string_view channel, std::span<const HeaderView> headers, std::string_view payload);
std::expected<Message, std::string> decode_message(std::string_view channel, std::span<const Header> headers, std::string_view payload);

/// The type alone. Nothing where it is missing or empty, is there more than once, or is percent-encoded: then it takes the whole to tell.
std::optional<std::string_view> type_in(std::span<const HeaderView> headers);
std::optional<std::string_view> type_in(std::span<const Header> headers);

/// Headers and body of an unreadable message, as Delivery::raw keeps it: a line each, an empty line, the body.
std::string raw_text(std::span<const HeaderView> headers, std::string_view payload);
std::string raw_text(std::span<const Header> headers, std::string_view payload);

/// For a log: at most 80 bytes, what is not printable ASCII replaced.
std::string printable(std::string_view bytes);

}  // namespace pkg::messaging
