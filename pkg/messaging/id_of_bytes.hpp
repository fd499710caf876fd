#pragma once

#include <string>
#include <string_view>

namespace pkg::messaging {

/// The id of something that has none: made from its bytes, the same for the same bytes.
std::string id_of_bytes(std::string_view bytes);

}  // namespace pkg::messaging
