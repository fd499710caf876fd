#pragma once
// Every RPC of the mall, read from the descriptors: who may call it, and its address over REST.

#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

namespace mall::testing {

enum class Gate { anyone, signed_in, roles };

struct Rpc {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string name;     ///< "baskets.AddItem"
  std::string service;  ///< "baskets"
  Gate gate = Gate::anyone;
  std::vector<std::string> roles;  ///< any of them, where the gate is `roles`
  std::string verb;                ///< "POST"; empty where the RPC is offered over gRPC alone
  std::string path;                ///< "/api/v1/baskets/{id}/items"
  bool has_body = false;           ///< what is not in the path is in the body, else in the query

  bool is_in_path(const google::protobuf::FieldDescriptor& field) const;
  bool is_rest() const { return !verb.empty(); }
};

/// Of all nine services, in the order of their .proto files.
const std::vector<Rpc>& all_rpcs();
const Rpc& rpc(std::string_view name);

/// A call as it is said over REST.
struct Spoken {
  std::string path;   ///< escaped, without the query
  std::string query;  ///< with its question mark, or empty
  std::string body;
};
Spoken speak(const Rpc& rpc, const google::protobuf::Message& request);

/// Everything but letters, digits and "-_.~" as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace mall::testing
