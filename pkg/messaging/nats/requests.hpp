#pragma once
// Asking the server and waiting for its answer.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pkg/messaging/nats/connection.hpp"

namespace pkg::messaging::nats {

/// Safe from any thread but those that deliver messages: they bring the answers.
class Requests {
 public:
  /// Answers come to `<reply_prefix><token>`; nothing where none comes in time, or give_up() is called.
  std::optional<std::string> ask(Connection& connection, std::string_view reply_prefix, std::string_view subject,
                                 std::string_view header_lines, std::string_view body, std::chrono::milliseconds timeout);
  void answer(std::uint64_t token, std::string_view body);
  /// Ends all that wait now: their connection is gone.
  void give_up();
  /// The same, and for all that ask later.
  void close();

 private:
  struct Waiting {
    std::optional<std::string> answer;
    bool is_given_up = false;
  };
  std::mutex mutex_;
  std::condition_variable came_;
  std::map<std::uint64_t, Waiting> waiting_;
  std::uint64_t last_token_ = 0;
  bool is_closed_ = false;
};

}  // namespace pkg::messaging::nats
