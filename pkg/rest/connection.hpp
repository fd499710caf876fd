#pragma once
// Internal to pkg/rest: one client's connection, one request at a time. Requests that come early wait in the buffer.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "pkg/rest/http.hpp"
#include "pkg/rest/loop.hpp"
#include "pkg/rest/wire.hpp"

namespace pkg::rest {

/// Shared by the loop's table and by the one read or write that is pending.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using TimePoint = Loop::Clock::time_point;

  Connection(boost::asio::ip::tcp::socket socket, Loop& loop, std::uint64_t id);

  void start();
  /// Answers the request under way.
  void respond(Response response);
  /// The loop has begun to stop: what is under way is answered, and one request more where it comes soon.
  void drain();
  void close();

  /// Who gives way first when there is no room: who was refused already, then who is waited for, then (one more) who only looks idle, then
  /// who is slow to listen, and of them whoever takes longest. Never who is being worked for.
  std::optional<std::pair<int, TimePoint>> rank_in_giving_way() const;
  /// True where it only looks idle: its next request is there and was not read yet.
  bool has_asked() const;
  TimePoint deadline() const { return deadline_; }
  void time_out();
  /// True while its request's body arrives.
  bool is_receiving() const { return phase_ == Phase::body && !timed_out_; }
  std::size_t held_bytes() const { return held_; }

 private:
  enum class Phase {
    idle,  ///< between requests
    header,  ///< a request has begun
    body,  ///< its header is complete
    working,  ///< a worker has it
    writing,  ///< its answer is on the way
    lingering,  ///< a refusal is out; the client's rest is read and dropped, so that it is not lost in a reset
    closed,
  };

  void become_idle();
  void read();
  void on_read(boost::system::error_code error, std::size_t count);
  void advance();
  bool begin_request();
  bool on_header();
  void send_continue();
  void dispatch();
  void refuse(int status, std::string_view code, std::string_view detail);
  void refuse_syntax(boost::system::error_code error);
  void on_written(boost::system::error_code error);
  void log() const;
  void linger();
  void count_body(std::size_t bytes);

  boost::asio::ip::tcp::socket socket_;
  Loop& loop_;
  const std::uint64_t id_;
  Phase phase_ = Phase::idle;
  TimePoint since_;  ///< when it became idle, began its request, was first written to
  TimePoint deadline_;
  bool timed_out_ = false;
  bool refused_ = false;
  std::size_t lingered_ = 0;

  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;

  // Of the request under way.
  TimePoint arrived_;
  Verb verb_ = Verb::other;
  Correlation correlation_;
  std::string_view route_;
  std::size_t bytes_in_ = 0;
  std::size_t held_ = 0;  ///< of its body, as the loop counts them
  bool is_http_1_0_ = false;
  bool keep_alive_ = false;
  std::string head_;
  Response response_;
};

}  // namespace pkg::rest
