#pragma once
// What the event server and nginx alone can do on this machine.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/spread.hpp"
#include "pkg/testing/process.hpp"

namespace mall::bench {

struct BrokerFloor {
  Spread to_another_process;    ///< from publishing until another process has it, one message at a time, kept on disk
  double published = 0;         ///< messages a second, with a window of publishes under way
};

/// On a nats-server of its own. Throws std::runtime_error.
BrokerFloor measure_broker(int messages);

/// What measure_broker() runs in the other process: writes how long each message took, in nanoseconds. Gives the exit status.
int be_the_other_process(const std::string& url, int messages);

/// nginx with two servers: one answers with so many bytes by itself, the other passes on to it over connections that it keeps, with the
/// headers that the mall's nginx adds.
class BareNginx {
 public:
  explicit BareNginx(std::size_t bytes);
  ~BareNginx();
  BareNginx(const BareNginx&) = delete;
  BareNginx& operator=(const BareNginx&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  const std::filesystem::path folder_;
  const std::uint16_t port_;
  std::unique_ptr<pkg::testing::Process> process_;
};

/// Requests a second that connections get answered with 200 or 201, each asking without a pause; throws std::runtime_error where one is
/// answered otherwise.
struct Asking {
  std::string verb = "GET";
  std::vector<std::string> paths = {"/"};  ///< in turn, each connection from another one on
  std::string body = {};
  std::string headers = {};
};
double requests_per_second(std::uint16_t port, int connections, std::chrono::milliseconds length, const Asking& what);

}  // namespace mall::bench
