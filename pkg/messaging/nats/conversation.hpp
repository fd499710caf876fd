#pragma once
// What is said on one connection to a server, and the thread that listens.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "pkg/messaging/nats/stream.hpp"
#include "pkg/messaging/nats/wire.hpp"

namespace pkg::messaging::nats {

/// How often a server is asked whether it is still there.
struct PingIntervals {
  std::chrono::milliseconds talking;  ///< and once it has left a ping without an answer
  std::chrono::milliseconds quiet;    ///< while it is told nothing but answers, so that nothing is expected of it
};

/// run() is its thread; everything else may be called from any.
class Conversation {
 public:
  using OnMessage = std::function<void(const WireMessage&)>;

  /// `reader` may have begun with what comes. The connection counts as broken when the server leaves two pings, `talking` apart,
  /// without an answer for as long.
  Conversation(StreamPtr stream, WireReader reader, std::size_t max_payload, const PingIntervals& pings);
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;
  /// Not while run() is under way.
  ~Conversation();

  /// Hands messages over until the connection breaks, or stop() was called.
  void run();
  void stop();
  /// It is broken, or stopped.
  bool is_over() const { return is_over_; }

  /// Hands over what comes on the subject from now on, until end(). Gives the subscription.
  std::uint64_t listen(std::string_view subject, OnMessage on_message);
  void end(std::uint64_t subscription);

  /// By what the server said last: it takes no message, headers included, that is larger.
  std::size_t max_payload() const { return max_payload_; }
  /// More bytes wait to be sent than a server that reads leaves waiting.
  bool is_full() const { return waiting_ > most_waiting; }
  void publish(std::string_view subject, std::string_view reply, std::string_view header_lines, std::string_view payload);

  /// Under it what this thread says is gathered, and leaves when the outermost ends. Whatever says something stands under one.
  class Gathering {
   public:
    explicit Gathering(Conversation& conversation);
    Gathering(const Gathering&) = delete;
    Gathering& operator=(const Gathering&) = delete;
    ~Gathering();

   private:
    Conversation& conversation_;
    const Conversation* const outer_;
  };

 private:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::size_t most_waiting = 1024 * 1024;

  template <class Append>
  void say(const Append& append);
  void flush();
  void write();
  void read();
  void take_all();
  void take(const FromServer& said);
  void hand_over(const WireMessage& message);
  void ping_when_due(Time now);
  void ping_answered();
  void break_off();
  void wake() const;

  const StreamPtr stream_;
  const int wakes_;  ///< an eventfd
  std::atomic<bool> is_over_ = false;

  std::mutex out_mutex_;
  std::string out_;
  std::size_t written_ = 0;               ///< of it
  std::atomic<std::size_t> waiting_ = 0;  ///< the rest; set under the lock
  std::atomic<bool> is_blocked_ = false;  ///< the socket was full: the thread goes on when it is not; set under the lock
  bool has_told_ = false;                 ///< the server something, since it answered a ping; under the lock
  bool is_quiet_ = false;                 ///< the next ping is as far off as quiet allows; under the lock

  std::atomic<std::size_t> max_payload_;

  // The thread's own.
  WireReader reader_;
  const PingIntervals pings_;
  Time ping_due_;
  int pings_out_ = 0;

  std::mutex listeners_mutex_;
  std::unordered_map<std::uint64_t, std::shared_ptr<const OnMessage>> listeners_;  // shared with a call that is under way
  std::uint64_t last_subscription_ = 0;
};

}  // namespace pkg::messaging::nats
