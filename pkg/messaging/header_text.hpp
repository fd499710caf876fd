#pragma once
// The text forms inside CloudEvents headers.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pkg/clock/clock.hpp"

namespace pkg::messaging {

/// True for well-formed UTF-8 (no overlong forms, no surrogates) without control characters (U+0000–1F, U+007F–9F), which is
/// what CloudEvents calls a String.
bool is_plain_utf8(std::string_view text);

/// True for what percent_encode() leaves as it is, which is plain UTF-8 then.
bool is_its_own_encoding(std::string_view text);

/// Space, double quote, percent and all that is not printable ASCII become %XX.
std::string percent_encode(std::string_view text);

/// Nothing where a percent sign is not followed by two hex digits, or where a byte is not printable ASCII.
std::optional<std::string> percent_decode(std::string_view text);

/// RFC 3339 in UTC with six fractional digits. Nothing outside the years 0000–9999.
std::optional<std::string> format_time(clock::TimePoint time);

/// Reads "2024-02-29T23:59:59[.ffffff]Z", one to six fractional digits, and nothing else.
std::optional<clock::TimePoint> parse_time(std::string_view text);

/// Decimal digits only, without leading zeros.
std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace pkg::messaging
