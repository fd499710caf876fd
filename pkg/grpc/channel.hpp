#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace pkg::grpc {

struct ChannelOptions {
  std::string target{};                              ///< "host:port", or any name that gRPC resolves
  std::size_t max_message_bytes = 4 << 20;           ///< of an answer
  std::chrono::milliseconds first_reconnect{50};     ///< grows to last_reconnect while the peer is away
  std::chrono::milliseconds last_reconnect{250};     ///< seldom enough for a peer that is gone, soon enough for one that is restarted
  std::chrono::milliseconds connect_time{1'000};     ///< of one attempt
  std::chrono::milliseconds keepalive_every{30'000};  ///< pings only while calls are under way
};

/// One connection to a peer, shared by all its clients and threads. Made without I/O: it connects at the first call, and again
/// after the peer was away. Proxies of the environment are not used.
class Channel {
 public:
  explicit Channel(const ChannelOptions& options);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

 private:
  friend class Client;
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace pkg::grpc
