#pragma once
// How values are written and read. Each parser takes the whole text or nothing.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pkg::config {

/// Decimal, with an optional minus sign.
std::optional<std::int64_t> parse_number(std::string_view text);

/// true/false, yes/no, on/off, 1/0, in any case.
std::optional<bool> parse_flag(std::string_view text);

/// A whole number and a unit: "250ms", "5s", "2m", "1h", "7d"; or "0".
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// In the largest unit that divides it.
std::string format_duration(std::chrono::milliseconds value);

/// A whole number of bytes, or with a unit: "64KiB", "10MB", "1GiB".
std::optional<std::uint64_t> parse_bytes(std::string_view text);
std::string format_bytes(std::uint64_t value);

/// Comma separated; blanks around an element are dropped, empty elements too.
std::vector<std::string> parse_list(std::string_view text);
std::string format_list(const std::vector<std::string>& values);

/// The scheme of an absolute URL with a host or a path behind "scheme://"; empty when it is none.
std::string_view url_scheme(std::string_view text);
/// The URL with its password, if it has one, replaced by ***.
std::string masked_url(std::string_view text);

}  // namespace pkg::config
