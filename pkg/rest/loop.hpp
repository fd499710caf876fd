#pragma once
// Internal to pkg/rest: the network thread's state. All of it is touched by that thread alone, but for Mailbox.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "pkg/rest/http.hpp"
#include "pkg/rest/server.hpp"

namespace pkg::rest {

class Connection;
class Loop;

/// The way back from a worker. It may outlive the loop: then answers go nowhere.
class Mailbox {
 public:
  explicit Mailbox(Loop& loop) : loop_(&loop) {}
  void deliver(std::uint64_t connection, Response response);
  void close();

 private:
  std::mutex mutex_;
  Loop* loop_;
};

/// A worker owes an answer. Dropped without one, it says that the service is too busy.
class Reply {
 public:
  /// The mailbox is shared by the loop and all replies that are owed.
  Reply(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection, std::string trace_id)
      : mailbox_(std::move(mailbox)), connection_(connection), trace_id_(std::move(trace_id)) {}
  Reply(Reply&&) = default;
  Reply& operator=(Reply&&) = delete;
  ~Reply();
  void give(Response response);

 private:
  std::shared_ptr<Mailbox> mailbox_;
  std::uint64_t connection_;
  std::string trace_id_;
};

class Loop {
 public:
  using Clock = std::chrono::steady_clock;

  Loop(const ServerOptions& options, const Site& site, rpc::Workers& workers);
  ~Loop();

  /// Throws boost::system::system_error. Gives the port.
  std::uint16_t listen();
  void run() { io_.run(); }
  /// From any thread; of effect where the socket was passed.
  void accept_from_now_on();
  /// From any thread. Again: another deadline.
  void stop(Clock::time_point deadline);

  void remove(std::uint64_t connection);
  /// A connection has become idle, so it could give way.
  void room_may_be();
  /// A connection holds so many bytes of a body, and held so many before.
  void hold(std::size_t before, std::size_t now);
  void answer(std::uint64_t connection, Response response);

  const ServerOptions& options() const { return options_; }
  const Site& site() const { return site_; }
  rpc::Workers& workers() const { return workers_; }
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }
  bool is_stopping() const { return stopping_; }
  boost::asio::io_context& io() { return io_; }
  std::size_t connections() const { return count_; }
  std::size_t held_bytes() const { return held_bytes_; }

 private:
  void watch_queue();
  void begin_to_accept();
  void accept();
  bool is_full() const { return connections_.size() >= options_.limits.connections; }
  void on_accept(boost::system::error_code error, boost::asio::ip::tcp::socket socket);
  void take(boost::asio::ip::tcp::socket socket);
  void take_queue();
  void accept_later();
  bool make_room();
  void shed_bodies();
  void watch_deadlines();
  void begin_stop(Clock::time_point deadline);
  void close_all();
  void finish_if_done();
  void finish();

  const ServerOptions& options_;
  const Site& site_;
  rpc::Workers& workers_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  boost::asio::ip::tcp::acceptor acceptor_{io_};
  boost::asio::steady_timer deadlines_{io_};
  boost::asio::steady_timer accept_again_{io_};
  boost::asio::steady_timer stop_{io_};
  const std::chrono::milliseconds tick_;
  std::shared_ptr<Mailbox> mailbox_;  // shared with the workers that owe an answer
  std::unordered_map<std::uint64_t, std::shared_ptr<Connection>> connections_;  // shared with their pending reads and writes
  std::atomic<std::size_t> count_ = 0;
  std::atomic<std::size_t> held_bytes_ = 0;  // of bodies
  std::uint64_t next_id_ = 1;
  bool watching_ = false;
  bool waiting_for_room_ = false;
  bool accepts_ = false;
  bool accept_pending_ = false;  ///< its handler is still to come, perhaps with a caller
  Clock::time_point waiting_since_ = Clock::now();  ///< since when there were always callers in the queue, before it accepts
  bool stopping_ = false;
  bool finished_ = false;
};

}  // namespace pkg::rest
