#pragma once
// The mall as it is delivered, with everything around it that can be broken: nine programs, PostgreSQL with durable settings, nats-server,
// and a proxy on every connection between them and in front of them.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/testing/nats_server.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "pkg/testing/process.hpp"
#include "pkg/testing/tcp_proxy.hpp"

namespace mall::chaos {

using Ports = std::map<std::string, std::uint16_t, std::less<>>;

/// On the main thread only: what it starts ends with the thread.
class MallUnderFire {
 public:
  static const std::vector<std::string>& service_names();
  static constexpr const char* operator_name = "operator";
  static constexpr const char* operator_password = "an operator's password";

  /// More environment variables for a service.
  using Environment = std::function<std::map<std::string, std::string>(const std::string& service)>;

  /// Ready when it returns. What the programs write is kept in the folder. Throws std::runtime_error.
  explicit MallUnderFire(std::filesystem::path folder, const Environment& more = {});
  MallUnderFire(const MallUnderFire&) = delete;
  MallUnderFire& operator=(const MallUnderFire&) = delete;
  ~MallUnderFire();

  /// Where clients find the services: the proxy's ports.
  const Ports& http() const { return http_routes_; }
  /// Names of what can be cut and delayed.
  std::vector<std::string> routes() const;
  /// The event server, past the proxy.
  std::string nats_url() const { return nats_.url(); }
  /// How the nine databases are reached, past the proxy.
  std::map<std::string, std::string> databases() const;

  /// SIGKILL, and started again at once, without waiting until it is ready.
  void kill_service(const std::string& service);
  /// Asks it to end.
  void terminate_service(const std::string& service) { service_at(service).stop(std::chrono::milliseconds{0}); }
  /// The exit status (128 + N where signal N ended it), or nothing while it runs. It stays where it is.
  std::optional<int> ended(const std::string& service);
  bool is_ready(const std::string& service) const;
  void pause_service(const std::string& service) { service_at(service).pause(); }
  void resume_service(const std::string& service) { service_at(service).resume(); }
  /// Ends one session in the service's database, the `number`-th of those that are there.
  void end_session(const std::string& service, std::uint32_t number);
  void kill_postgres();
  void kill_nats();
  void wipe_nats();
  /// `for_long`: new connections are refused as well until mend().
  void cut(const std::string& route, bool for_long);
  void delay(const std::string& route, std::chrono::milliseconds time) { proxy_.delay(routes_.at(route), time); }
  void mend(const std::string& route);

  /// Programs that ended without being told to since the last call, with the end of their logs. They are started again.
  std::vector<std::string> ended_by_themselves();
  /// Waits until every service is ready; those that are not in time.
  std::vector<std::string> await_ready(std::chrono::milliseconds limit);
  /// SIGTERM to all: whatever does not end in time and with status 0, and what sanitizers have reported. Then PostgreSQL and NATS.
  std::vector<std::string> stop();
  /// Moves what PostgreSQL and NATS wrote, and the data, into the folder. After stop().
  void keep_everything();

 private:
  pkg::testing::Process& service_at(const std::string& name) { return *services_.at(name); }
  void make_routes();
  std::map<std::string, std::string> environment() const;

  const std::filesystem::path folder_;
  std::unique_ptr<pkg::testing::PostgresServer> postgres_;
  pkg::testing::NatsServer nats_;
  pkg::testing::TcpProxy proxy_;
  Ports http_ports_, grpc_ports_;
  Ports http_routes_;  ///< by service
  Ports routes_;       ///< by "from-to"
  std::map<std::string, std::unique_ptr<pkg::testing::Process>> services_;
};

}  // namespace mall::chaos
