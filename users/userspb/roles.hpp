#pragma once
// The roles that people and machines have; access rules in the .proto files may name no others.

#include <string_view>
#include <vector>

namespace mallbots::users::v1 {

inline std::vector<std::string_view> roles() { return {"shopper", "owner", "picker", "operator", "service"}; }

}  // namespace mallbots::users::v1
