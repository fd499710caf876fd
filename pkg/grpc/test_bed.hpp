#pragma once
// A real server with the Desk service on a free loopback port, and a client of it.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "pkg/grpc/client.hpp"
#include "pkg/grpc/grpc_test.pb.h"
#include "pkg/grpc/server.hpp"
#include "pkg/ids/id_sources.hpp"

namespace pkg::grpc::testing {

using mallbots::grpctest::v1::Answer;
using mallbots::grpctest::v1::Ask;

inline constexpr auto patience = std::chrono::seconds(10);
inline constexpr auto echo = "mallbots.grpctest.v1.Desk.Echo";
inline constexpr auto fail = "mallbots.grpctest.v1.Desk.Fail";
inline constexpr auto hold = "mallbots.grpctest.v1.Desk.Hold";

const google::protobuf::ServiceDescriptor* described(const char* service);

/// Where the Hold call waits until it is let go.
class Gate {
 public:
  void pass();                    ///< waits to be opened
  bool wait_for_waiting(int n);   ///< until so many have come; false after `patience`
  void open();
  int came();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int came_ = 0;
  bool open_ = false;
};

struct BedOptions {
  std::size_t threads = 2;
  std::size_t queue = 64;
  ServerOptions server{};
};

class TestBed {
 public:
  explicit TestBed(BedOptions options = {});
  ~TestBed();

  Server& server() { return *server_; }
  std::string target() const { return "127.0.0.1:" + std::to_string(server_->port()); }
  Client client(TokenSource token = {}) { return Client(channel_.value(), std::move(token)); }
  errors::Result<Answer> call(const char* method, const std::string& text = {}, const CallOptions& options = {});

  Gate gate;
  std::optional<errors::Error> failure;  ///< what the Fail call answers

 private:
  rpc::Service desk_;
  ids::CountingIds ids_;
  rpc::Workers workers_;
  std::unique_ptr<Server> server_;
  std::optional<Channel> channel_;
};

/// Knows the tokens "clerk" and "guest".
errors::Result<rpc::Caller> authenticate(std::string_view token);
TokenSource token(std::string value);

}  // namespace pkg::grpc::testing
