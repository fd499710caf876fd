#pragma once

#include <string>
#include <vector>

#include "pkg/auth/tokens.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/rest/server.hpp"
#include "pkg/rest/site.hpp"
#include "pkg/rpc/workers.hpp"

namespace pkg::agent::testing {

/// Publishes the keys of access tokens over HTTP, and issues tokens.
class Keys {
 public:
  Keys();
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/jwks"; }
  /// Good for 15 minutes.
  std::string token(const std::string& subject, std::vector<std::string> roles) const;

 private:
  clock::SystemClock clock_;
  ids::TimeOrderedIds ids_{clock_};
  auth::Signer signer_{std::move(*auth::SigningKey::generate())};
  rest::Site site_{{.services = {}, .authenticate = {}, .ids = ids_}};
  rpc::Workers workers_{"keys", {.threads = 1, .queue_limit = 8}};
  rest::Server server_{{.address = "127.0.0.1"}, site_, workers_};
};

}  // namespace pkg::agent::testing
