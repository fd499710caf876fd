#pragma once
// A private nats-server with JetStream for tests: on loopback, a free port, its storage in a temporary folder.

#include <filesystem>
#include <string>
#include <vector>

#include "pkg/testing/process.hpp"

namespace pkg::testing {

/// Started by the constructor and ready for clients when that returns; ended by the destructor, and by the kernel when the thread that
/// started it ends, also when the process is killed: start it on the main thread. Where it cannot be started the process stops with a word
/// on why.
class NatsServer {
 public:
  /// With further arguments of nats-server.
  explicit NatsServer(const std::vector<std::string>& arguments = {});
  NatsServer(const NatsServer&) = delete;
  NatsServer& operator=(const NatsServer&) = delete;
  ~NatsServer();

  std::string url() const;
  int port() const { return port_; }
  /// 0 where it is not running.
  pid_t pid() const { return process_.pid(); }
  /// Where its log and its storage are.
  const std::filesystem::path& folder() const { return folder_; }

  /// Ends it in an orderly way. No effect where it is not running.
  void stop();
  /// Ends it at once, as a crash would.
  void kill();
  /// Starts it again on the same port with the storage that is there. No effect where it is running.
  void start();
  /// Removes the storage; not while it is running.
  void wipe();
  /// The process stands still once this returns; its connections stay open.
  void pause();
  void resume();

 private:
  bool greets() const;

  std::filesystem::path folder_;
  int port_ = 0;
  Process process_;
};

}  // namespace pkg::testing
