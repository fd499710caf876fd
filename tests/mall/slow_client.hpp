#pragma once
// A client that takes its time, and many of them.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mall::testing {

/// Whether this process may have so many files open, which it then may.
bool allow_files(std::size_t count);

/// A connection that says what it is told to, and reads when it is told to.
class SlowClient {
 public:
  /// With a small window, so that what it does not read soon fills up. Where nobody listens it is closed from the start.
  explicit SlowClient(std::uint16_t port);
  ~SlowClient();
  SlowClient(SlowClient&& other) noexcept;
  SlowClient& operator=(SlowClient&&) = delete;

  /// As much as the other side takes without delay; false where it has closed.
  bool send(std::string_view bytes);
  /// All of it, as quickly as the other side takes it; false where it closes or takes nothing for ten seconds.
  bool send_all(std::string_view bytes);
  /// Again and again until the other side closes. The test fails where it does not close in time.
  void send_until_closed(std::string_view again_and_again, std::chrono::milliseconds limit);
  /// Reads until the other side closes, and gives all of it (the last 64 KiB). The test fails where it does not close in time.
  std::string read_to_the_end(std::chrono::milliseconds limit);
  /// Without reading anything that is still on its way.
  bool is_open() const;

 private:
  bool wait_for(short events, std::chrono::milliseconds limit) const;

  int socket_;
};

/// The status of the last answer in what a connection has said; 0 where there is none.
int last_status(std::string_view said);

}  // namespace mall::testing
