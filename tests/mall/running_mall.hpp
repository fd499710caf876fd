#pragma once
// The whole mall as it is delivered: its programs, a database of PostgreSQL for each service, a NATS server.

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/testing/listening_socket.hpp"
#include "pkg/testing/nats_server.hpp"
#include "pkg/testing/notify_socket.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "pkg/testing/process.hpp"
#include "tests/mall/visitor.hpp"

namespace mall::testing {

enum class Shape { nine_processes, one_process };

struct MallOptions {
  Shape shape = Shape::nine_processes;
  std::map<std::string, std::string> settings = {};  ///< environment variables of the services
  std::set<std::string> without = {};                ///< services that do not run; nine processes only
  pkg::testing::PostgresServer* server = nullptr;    ///< that all tests share; another one outlives the mall
  bool passes_sockets = false;                       ///< opens the services' ports itself and passes them on; nine processes only
};

class RunningMall {
 public:
  static const std::vector<std::string>& service_names();
  /// What services sign in with.
  static constexpr const char* service_secret = "a secret among services";

  /// Ready when it returns. On the main thread only: what it starts ends with the thread.
  explicit RunningMall(MallOptions options = {});
  ~RunningMall();
  RunningMall(const RunningMall&) = delete;
  RunningMall& operator=(const RunningMall&) = delete;

  Visitor visitor() const { return Visitor(http_ports_); }
  /// The first operator, signed in.
  Visitor an_operator() const;

  /// The service's process; of the whole mall where it is one process.
  pkg::testing::Process& process(std::string_view service);
  /// Starts what does not run, and waits until it is ready.
  void start(std::string_view service);
  /// Starts the service's next process beside the one that runs and ends that once the new one is ready, as `make restart` does. Only where
  /// the mall passes sockets.
  struct Restarted {
    std::chrono::milliseconds until_ready, until_ended;  ///< of the new one; from then of the old one
  };
  Restarted restart(std::string_view service);
  void await_ready(std::string_view service) const;

  const pkg::testing::TestDatabase& database(std::string_view service) const { return *databases_.find(service)->second; }
  /// A digest of all that the service keeps, but for the books of message delivery (inbox, outbox and the like).
  std::string contents(std::string_view service) const;
  std::uint16_t http_port(std::string_view service) const { return http_ports_.find(service)->second; }
  std::uint16_t grpc_port(std::string_view service) const { return grpc_ports_.find(service)->second; }
  /// Every service that runs.
  std::vector<std::string> running() const;

  pkg::testing::NatsServer nats;

 private:
  std::map<std::string, std::string> environment() const;
  std::unique_ptr<pkg::testing::Process> process_of(const std::string& program) const;
  /// For whoever reads a failed run: what the event server says of its consumers, each service of its messages, and the ends of the logs.
  void tell_what_it_did() const;

  const MallOptions options_;
  const std::filesystem::path folder_;
  std::map<std::string, std::unique_ptr<pkg::testing::TestDatabase>, std::less<>> databases_;
  HttpPorts http_ports_;
  HttpPorts grpc_ports_;
  std::map<std::string, std::unique_ptr<pkg::testing::ListeningSocket>, std::less<>> sockets_;
  pkg::testing::NotifySocket ready_;
  std::map<std::string, std::unique_ptr<pkg::testing::Process>, std::less<>> processes_;  ///< by service, or "mallbots"
};

}  // namespace mall::testing
