#pragma once
// Internal to pkg/rest: one call over HTTP, from the request to the answer.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <google/protobuf/message.h>

#include "pkg/rest/http.hpp"
#include "pkg/rest/route.hpp"
#include "pkg/rpc/authenticator.hpp"
#include "pkg/rpc/invoke.hpp"

namespace pkg::rest {

class Exchange {
 public:
  Exchange(const Route& route, const Request& http, std::chrono::steady_clock::time_point arrived, std::chrono::milliseconds timeout);

  Response run(const std::vector<std::string>& path_values, const rpc::Authenticator& authenticate, const rpc::Observer& observe);

 private:
  /// The order of checks is the order of what a stranger may learn: who are you, may you, and only then what did you say.
  errors::Result<> perform(const std::vector<std::string>& path_values, const rpc::Authenticator& authenticate,
                           google::protobuf::Message& response);
  errors::Result<> admit(const rpc::Authenticator& authenticate);
  errors::Result<> read_if_match();
  Response answer(const google::protobuf::Message& response) const;
  void add_headers(const google::protobuf::Message& thing, Response& answer) const;

  const Route& route_;
  const Request& http_;
  const std::chrono::steady_clock::time_point arrived_;
  rpc::Call call_;
  bool wrong_content_type_ = false;
};

}  // namespace pkg::rest
