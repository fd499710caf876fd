#pragma once
// Base64 without padding (RFC 4648): the URL alphabet of JOSE, the classic one of PHC strings.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pkg::auth {

enum class Base64 { url, classic };

std::string base64_encode(std::span<const std::uint8_t> bytes, Base64 alphabet = Base64::url);

/// Only the one spelling that base64_encode() gives: no padding, no blanks, no stray bits at the end.
std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text, Base64 alphabet = Base64::url);

}  // namespace pkg::auth
