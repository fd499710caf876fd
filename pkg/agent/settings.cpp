#include "pkg/agent/settings.hpp"

namespace pkg::agent {

using namespace std::chrono_literals;

void Settings::declare(config::Spec& spec) {
  spec.text("LISTEN_HOST", listen_host, "the address that the ports are opened on").shared();
  spec.port("HTTP_PORT", http_port, "where REST, documentation, metrics and the probes are served");
  spec.port("GRPC_PORT", grpc_port, "where gRPC is served");

  spec.secret("DATABASE_URL", database_url, "the service's own PostgreSQL database, as libpq takes it").required();
  spec.number("DATABASE_CONNECTIONS", database_connections, "the most connections to the database, opened as needed").between(3, 200);

  spec.text("EVENT_SERVER_TYPE", event_server_type, "the event server").one_of({"nats"}).shared();
  spec.url("NATS_URL", nats_url, "the NATS server, with JetStream").schemes({"nats", "tls"}).shared();
  spec.text("STREAM", stream, "the stream that holds the messages; the channels begin with its name").shared();

  // Below the seven days for which an inbox knows what it has handled: what is older would have its effect twice.
  spec.duration("STREAM_MAX_AGE", stream_max_age, "how long the event server keeps messages, and so how long a service may be away")
      .between(1h, 24h * 7 - 12h)
      .shared();

  spec.url("JWKS_URL", jwks_url, "where users publishes the keys of access tokens").schemes({"http", "https"}).shared();
  spec.text("TOKEN_ISSUER", token_issuer, "who issues access tokens, and for whom").shared();

  spec.number("WORKERS", workers, "how many calls are handled at the same time").between(1, 256);
  spec.number("READS_AT_ONCE", reads_at_once, "how many of those may be GETs").between(1, 256);
  spec.number("WAITING_CALLS", waiting_calls, "how many calls, and as many GETs, may wait for a worker; more are answered 503")
      .between(1, 100'000);
  spec.number("LANES", lanes, "how many messages of different keys are handled at the same time").between(1, 64);
  spec.duration("CALL_TIMEOUT", call_timeout, "how long a call may take").between(100ms, 10min).shared();
  spec.duration("STOP_WITHIN", stop_within, "how long shutdown may take to finish what is under way").between(1s, 5min).shared();

  spec.text("LOG_LEVEL", log_level, "the least important entries that are logged").one_of({"debug", "info", "warn", "error"}).shared();
  spec.text("LOG_FORMAT", log_format, "json, or text for people").one_of({"json", "text"}).shared();
}

}  // namespace pkg::agent
