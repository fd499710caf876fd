#pragma once
// A real service in the test's process, on a real PostgreSQL and a real NATS server.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "pkg/agent/agent.hpp"
#include "pkg/agent/testing/keys.hpp"
#include "pkg/config/spec.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/json/json.hpp"
#include "pkg/log/memory_logger.hpp"
#include "pkg/testing/nats_server.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace pkg::agent::testing {

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::map<std::string, std::string> headers;  ///< names in lower case

  /// The text between the quotes behind `"name":`; empty where there is none. Good enough for ids and codes.
  std::string text(std::string_view name) const;
  /// The body as the message P; the test fails where it is none.
  template <class P>
  P as() const {
    P message;
    const auto read = json::read(body, message);
    EXPECT_TRUE(read) << status << " " << body;
    return message;
  }
};

/// Where a test fails, what the service logged is printed at the end.
class RunningService {
 public:
  using Settings = std::map<std::string, std::string, std::less<>>;

  /// `settings` besides those that every service needs.
  explicit RunningService(std::unique_ptr<Blueprint> blueprint, Settings settings = {});
  ~RunningService();
  RunningService(const RunningService&) = delete;
  RunningService& operator=(const RunningService&) = delete;

  /// `more_headers` end with CRLF each.
  HttpAnswer ask(const std::string& verb, const std::string& path, const std::string& token = {}, const std::string& body = {},
                 const std::string& more_headers = {}) const;
  HttpAnswer get(const std::string& path, const std::string& token = {}) const { return ask("GET", path, token); }
  HttpAnswer post(const std::string& path, const std::string& token = {}, const std::string& body = "{}") const {
    return ask("POST", path, token, body);
  }
  Ports ports() const { return agent_->ports(); }

  /// stop() and start() again are a restart of the process: database, event server and keys stay as they are.
  void stop();
  void start();
  /// From the next start on.
  void set(const std::string& name, std::string value) { settings_.insert_or_assign(name, std::move(value)); }

  std::string new_id() { return ids_.next().to_string(); }
  /// What it has logged since the first start.
  const log::MemoryOutput& log() const { return log_; }

  pkg::testing::TestDatabase database;
  pkg::testing::NatsServer nats;
  Keys keys;

 private:
  clock::SystemClock clock_;
  ids::TimeOrderedIds ids_{clock_};
  log::MemoryOutput log_;
  std::unique_ptr<Blueprint> blueprint_;
  config::Spec spec_;
  Settings settings_;
  std::unique_ptr<Agent> agent_;
};

}  // namespace pkg::agent::testing
