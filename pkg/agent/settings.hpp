#pragma once
// What can be set on every service. Each name is prefixed with the service's (BASKETS_HTTP_PORT); those marked shared may be given
// once for all services without it (NATS_URL).

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "pkg/config/secret.hpp"
#include "pkg/config/spec.hpp"
#include "pkg/log/stream_output.hpp"

namespace pkg::agent {

struct Settings {
  std::string listen_host = "127.0.0.1";
  std::uint16_t http_port = 0;
  std::uint16_t grpc_port = 0;

  config::Secret database_url;
  std::size_t database_connections = 8;

  std::string event_server_type = "nats";
  std::string nats_url = "nats://127.0.0.1:4222";
  std::string stream = "mallbots";
  std::chrono::milliseconds stream_max_age = std::chrono::hours{24 * 6};

  std::string jwks_url = "http://127.0.0.1:8030/api/v1/jwks";
  std::string token_issuer = "mallbots";

  std::size_t workers = 16;
  std::size_t reads_at_once = 8;  ///< more of them only take the processor from each other, on two cores (docs/performance.md)
  std::size_t waiting_calls = 1024;
  std::size_t lanes = 1;  ///< more of them make smaller batches (docs/performance.md)
  std::chrono::milliseconds call_timeout{30'000};
  std::chrono::milliseconds stop_within{10'000};

  std::string log_level = "info";
  std::string log_format = "json";

  log::Format format() const { return log_format == "text" ? log::Format::text : log::Format::json; }

  void declare(config::Spec& spec);
};

}  // namespace pkg::agent
