#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pkg::json {

/// RFC 4648 section 4, with padding.
void base64_encode(std::string_view bytes, std::string& out);

/// Reads what base64_encode() writes and nothing else.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace pkg::json
