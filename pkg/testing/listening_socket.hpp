#pragma once

#include <cstdint>

namespace pkg::testing {

/// A socket that listens on a port of the loopback interface and is passed to who accepts from it, as a supervisor does
/// (sd_listen_fds(3)): callers wait in its queue while nobody accepts.
class ListeningSocket {
 public:
  ListeningSocket();
  ~ListeningSocket();
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;

  std::uint16_t port() const { return port_; }
  int descriptor() const { return descriptor_; }
  /// A descriptor more of the same socket, for a server that owns what it is given.
  int share() const;

 private:
  int descriptor_;
  std::uint16_t port_;
};

}  // namespace pkg::testing
