#pragma once

#include <string>
#include <string_view>

namespace pkg::rpc {

/// The text with each byte that is not part of well-formed UTF-8 replaced by '?'. For what is quoted back to a caller: neither
/// protobuf nor JSON carries anything else.
std::string well_formed(std::string_view text);

}  // namespace pkg::rpc
