#include "pkg/rest/loop.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>

#include "pkg/rest/connection.hpp"
#include "pkg/rest/passed_socket.hpp"

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

/// While it stops somebody waits for the last connection.
constexpr auto tick_of_stop = 20ms;

/// How often a server that is not to accept yet looks whether callers wait.
constexpr auto look_at_queue = 50ms;

}  // namespace

Loop::Loop(const ServerOptions& options, const Site& site, rpc::Workers& workers)
    : options_(options), site_(site), workers_(workers), tick_(tick_of(options.limits)), mailbox_(std::make_shared<Mailbox>(*this)) {}

Loop::~Loop() { mailbox_->close(); }

std::uint16_t Loop::listen() {
  if (options_.socket >= 0) {
    adopt(acceptor_, options_.socket);
    watch_queue();
  } else {
    const tcp::endpoint endpoint(boost::asio::ip::make_address(options_.address), options_.port);
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(endpoint);
    acceptor_.listen();
    begin_to_accept();
  }
  return acceptor_.local_endpoint().port();
}

/// Callers who are left waiting for so long have nobody else who would answer them.
void Loop::watch_queue() {
  const auto now = Clock::now();
  if (!has_callers(acceptor_)) waiting_since_ = now;
  if (now - waiting_since_ >= options_.patience) return begin_to_accept();
  accept_again_.expires_after(look_at_queue);
  accept_again_.async_wait([this](error_code error) {
    if (!error && !stopping_ && !accepts_) watch_queue();
  });
}

void Loop::begin_to_accept() {
  if (accepts_ || stopping_) return;
  accepts_ = true;
  accept_again_.cancel();
  accept();
}

void Loop::accept_from_now_on() {
  boost::asio::post(io_, [this] { begin_to_accept(); });
}

void Loop::accept() {
  if (!is_full()) {
    accept_pending_ = true;
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
  accept_pending_ = false;
  if (!error) take(std::move(socket));  // while it stops too: who was accepted is served
  if (stopping_) return finish_if_done();
  if (error) return accept_later();
  accept();
}

void Loop::take(tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const std::uint64_t id = next_id_++;
  auto connection = std::make_shared<Connection>(std::move(socket), *this, id);
  connections_.emplace(id, connection);
  count_ = connections_.size();
  connection->start();
  if (!watching_) watch_deadlines();
}

/// Who is in the queue of a socket that is closed is refused after all; that of a passed one lives on where it is shared.
void Loop::take_queue() {
  error_code error;
  acceptor_.non_blocking(true, error);
  while (!error && !is_full()) {
    tcp::socket socket(io_);
    acceptor_.accept(socket, error);
    if (!error) take(std::move(socket));
  }
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
    auto rank = connection->rank_in_giving_way();
    if (!rank) continue;
    if (first && *rank >= least) continue;
    if (connection->has_asked()) ++rank->first;  // looked at last, as it costs a call of the system's
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
  deadlines_.expires_after(stopping_ ? std::min<std::chrono::milliseconds>(tick_, tick_of_stop) : tick_);
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
  if (stopping_) return finish_if_done();
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
  if (finished_) return;
  stop_.expires_at(deadline);
  stop_.async_wait([this](error_code error) {
    if (!error) close_all();
  });
  if (stopping_) return;
  stopping_ = true;
  accept_again_.cancel();
  if (options_.socket < 0) take_queue();
  error_code ignored;
  acceptor_.close(ignored);
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [id, connection] : connections_) all.push_back(connection);
  for (const auto& connection : all) connection->drain();
  watch_deadlines();
  finish_if_done();
}

void Loop::finish_if_done() {
  if (!accept_pending_ && connections_.empty()) finish();
}

void Loop::close_all() {
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [id, connection] : connections_) all.push_back(connection);
  for (const auto& connection : all) connection->close();
}

void Loop::finish() {
  finished_ = true;
  mailbox_->close();
  deadlines_.cancel();
  stop_.cancel();
  work_.reset();
}

}  // namespace pkg::rest
