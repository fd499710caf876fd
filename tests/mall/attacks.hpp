#pragma once
// Bad calls of an RPC over REST, made from its descriptor: what a new field or a new RPC may be sent is covered by itself.

#include <string>
#include <vector>

#include "tests/mall/rpcs.hpp"

namespace mall::testing {

struct Attack {
  std::string what;
  std::string verb;
  std::string target;  ///< path and query
  std::string body = {};
  std::string headers = "Content-Type: application/json\r\n";
  int status = 0;  ///< the one that must come; 0: any
};

/// Calls that cannot be understood, whatever the RPC does. `good` is a request that it would answer well.
std::vector<Attack> malformed_calls(const Rpc& rpc, const google::protobuf::Message& good);

/// Calls that are well-formed and strange: too long, blank, negative, missing, out of this world.
std::vector<Attack> strange_calls(const Rpc& rpc, const google::protobuf::Message& good);

}  // namespace mall::testing
