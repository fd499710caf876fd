#include "pkg/rest/loop.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>

#include "pkg/rest/connection.hpp"
#include "pkg/rest/problem.hpp"

namespace pkg::rest {

using boost::asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

/// Deadlines are looked at in steps of a quarter of the shortest: one timer for all connections, and none while there are none.
std::chrono::milliseconds tick_of(const Limits& limits) {
  const auto shortest = std::min({limits.header_time, limits.body_time, limits.write_time, limits.idle_time});
  return std::clamp<std::chrono::milliseconds>(shortest / 4, 10ms, 1000ms);
}

}  // namespace

void Mailbox::deliver(std::uint64_t connection, Response response) {
  const std::scoped_lock lock(mutex_);
  if (loop_ == nullptr) return;
  boost::asio::post(
      loop_->io(), [loop = loop_, connection, response = std::move(response)]() mutable { loop->answer(connection, std::move(response)); });
}

void Mailbox::close() {
  const std::scoped_lock lock(mutex_);
  loop_ = nullptr;
}

Reply::~Reply() {
  if (mailbox_) give(problem(503, "too_busy", "The service is too busy; try again in a moment.", trace_id_));
}

void Reply::give(Response response) {
  mailbox_->deliver(connection_, std::move(response));
  mailbox_.reset();
}

Loop::Loop(const ServerOptions& options, const Site& site, rpc::Workers& workers)
    : options_(options), site_(site), workers_(workers), tick_(tick_of(options.limits)), mailbox_(std::make_shared<Mailbox>(*this)) {}

Loop::~Loop() { mailbox_->close(); }

std::uint16_t Loop::listen() {
  const tcp::endpoint endpoint(boost::asio::ip::make_address(options_.address), options_.port);
  acceptor_.open(endpoint.protocol());
  acceptor_.set_option(tcp::acceptor::reuse_address(true));
  acceptor_.bind(endpoint);
  acceptor_.listen();
  accept();
  return acceptor_.local_endpoint().port();
}

void Loop::accept() {
  if (!is_full()) {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) { on_accept(error, std::move(socket)); });
    return;
  }
  acceptor_.async_wait(tcp::acceptor::wait_read, [this](error_code error) {
    if (error || stopping_) return;
    waiting_for_room_ = is_full() && !make_room();
    if (!waiting_for_room_) accept();
  });
}

void Loop::room_may_be() {
  if (!waiting_for_room_ || stopping_) return;
  waiting_for_room_ = false;
  // Not from here: making room closes connections, and the caller is one of them.
  boost::asio::post(io_, [this] {
    if (!stopping_) accept();
  });
}

void Loop::on_accept(error_code error, tcp::socket socket) {
  if (stopping_) return;
  if (error) return accept_later();
  socket.set_option(tcp::no_delay(true), error);
  const std::uint64_t id = next_id_++;
  auto connection = std::make_shared<Connection>(std::move(socket), *this, id);
  connections_.emplace(id, connection);
  count_ = connections_.size();
  connection->start();
  if (!watching_) watch_deadlines();
  accept();
}

/// Out of file descriptors, or the like: it will pass, and must not turn into a busy loop. It passes sooner where somebody gives way.
void Loop::accept_later() {
  make_room();
  accept_again_.expires_after(100ms);
  accept_again_.async_wait([this](error_code error) {
    if (!error && !stopping_) accept();
  });
}

bool Loop::make_room() {
  std::shared_ptr<Connection> first;  // shared with connections_, which closing may take it out of
  std::pair<int, Clock::time_point> least;
  for (const auto& [id, connection] : connections_) {
    const auto rank = connection->rank_in_giving_way();
    if (!rank) continue;
    if (first && *rank >= least) continue;
    first = connection;
    least = *rank;
  }
  if (first) first->close();
  return first != nullptr;
}

void Loop::hold(std::size_t before, std::size_t now) {
  held_bytes_ += now;
  held_bytes_ -= before;
  if (now > before && held_bytes_ > options_.limits.bodies_bytes) shed_bodies();
}

/// Whoever has been sending for the longest time goes first: those who send as quickly as they can are hardly ever among them.
void Loop::shed_bodies() {
  while (held_bytes_ > options_.limits.bodies_bytes) {
    std::shared_ptr<Connection> slowest;  // shared as above
    for (const auto& [id, connection] : connections_) {
      if (!connection->is_receiving() || connection->held_bytes() == 0) continue;
      if (!slowest || connection->deadline() < slowest->deadline()) slowest = connection;
    }
    if (!slowest) return;
    slowest->time_out();
  }
}

void Loop::watch_deadlines() {
  watching_ = !connections_.empty();
  if (!watching_) return;
  deadlines_.expires_after(tick_);
  deadlines_.async_wait([this](error_code error) {
    if (error) return;
    const auto now = Clock::now();
    std::vector<std::shared_ptr<Connection>> late;  // closing changes the map
    for (const auto& [id, connection] : connections_) {
      if (connection->deadline() <= now) late.push_back(connection);
    }
    for (const auto& connection : late) connection->time_out();
    watch_deadlines();
  });
}

void Loop::remove(std::uint64_t connection) {
  connections_.erase(connection);
  count_ = connections_.size();
  if (stopping_ && connections_.empty()) return finish();
  room_may_be();
}

void Loop::answer(std::uint64_t connection, Response response) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;  // the caller has gone
  const auto alive = found->second;
  alive->respond(std::move(response));
}

void Loop::stop(Clock::time_point deadline) {
  boost::asio::post(io_, [this, deadline] { begin_stop(deadline); });
}

void Loop::begin_stop(Clock::time_point deadline) {
  stopping_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  accept_again_.cancel();
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [id, connection] : connections_) all.push_back(connection);
  for (const auto& connection : all) connection->drain();
  if (connections_.empty()) return finish();
  stop_.expires_at(deadline);
  stop_.async_wait([this](error_code error) {
    if (!error) close_all();
  });
}

void Loop::close_all() {
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [id, connection] : connections_) all.push_back(connection);
  for (const auto& connection : all) connection->close();
}

void Loop::finish() {
  mailbox_->close();
  deadlines_.cancel();
  stop_.cancel();
  work_.reset();
}

}  // namespace pkg::rest
