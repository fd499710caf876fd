#include "pkg/rest/connection.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/write.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "pkg/rest/problem.hpp"

namespace pkg::rest {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::beast::iequals;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t header_step = 2 * 1024;
constexpr std::size_t body_step = 16 * 1024;
constexpr auto linger_time = 2s;
constexpr std::size_t linger_bytes = 16 * 1024 * 1024;

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, Loop& loop, std::uint64_t id)
    : socket_(std::move(socket)), loop_(loop), id_(id), buffer_(loop.options().limits.header_bytes + 2 * body_step) {}

void Connection::start() {
  become_idle();
  read();
}

void Connection::become_idle() {
  phase_ = Phase::idle;
  since_ = Loop::Clock::now();
  deadline_ = since_ + (loop_.is_stopping() ? loop_.options().limits.idle_grace : loop_.options().limits.idle_time);
  response_ = {};
  head_ = {};
  count_body(0);
  if (buffer_.size() == 0 && buffer_.capacity() > 2 * header_step) buffer_.shrink_to_fit();
  loop_.room_may_be();
}

void Connection::read() {
  const std::size_t step = phase_ == Phase::body || phase_ == Phase::lingering ? body_step : header_step;
  if (buffer_.size() + step > buffer_.max_size()) return refuse(431, "header_too_large", "A part of the request is too large.");
  socket_.async_read_some(buffer_.prepare(step),
                          [self = shared_from_this()](error_code error, std::size_t count) { self->on_read(error, count); });
}

void Connection::on_read(error_code error, std::size_t count) {
  if (phase_ == Phase::closed) return;
  if (error && !timed_out_) return close();
  buffer_.commit(count);
  if (phase_ != Phase::lingering) return advance();
  buffer_.consume(count);
  lingered_ += count;
  if (lingered_ > linger_bytes) return close();
  read();
}

/// Takes what the buffer holds as far as it goes.
void Connection::advance() {
  if (timed_out_) return refuse(408, "too_slow", "The request did not arrive in time.");
  if (phase_ == Phase::idle && !begin_request()) return read();
  for (;;) {
    error_code error;
    buffer_.consume(feed(*parser_, buffer_.data(), error));
    if (error == http::error::need_more) return read();
    if (error) return refuse_syntax(error);
    if (phase_ == Phase::header && parser_->is_header_done() && !on_header()) return;
    count_body(parser_->get().body().size());
    if (timed_out_) return advance();  // there is no room, and this one is the slowest
    if (parser_->is_done()) return dispatch();
    if (buffer_.size() == 0) return read();
  }
}

bool Connection::begin_request() {
  // RFC 9112, section 2.2: empty lines before a request are to be ignored.
  while (buffer_.size() > 0) {
    const char first = *static_cast<const char*>(buffer_.data().data());
    if (first != '\r' && first != '\n') break;
    buffer_.consume(1);
  }
  if (buffer_.size() == 0) return false;
  const Limits& limits = loop_.options().limits;
  phase_ = Phase::header;
  since_ = arrived_ = Loop::Clock::now();
  deadline_ = arrived_ + limits.header_time;
  verb_ = Verb::other;
  correlation_ = {};
  route_ = {};
  bytes_in_ = 0;
  keep_alive_ = false;
  is_http_1_0_ = false;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  parser_->body_limit(limits.body_bytes);
  return true;
}

/// False where the request does not go on from here.
bool Connection::on_header() {
  const auto& head = parser_->get();
  const Limits& limits = loop_.options().limits;
  verb_ = parse_verb(view(head.method_string()));
  is_http_1_0_ = head.version() == 10;
  correlation_ = correlate(view(head["X-Request-Id"]), view(head["traceparent"]), loop_.site().ids());
  phase_ = Phase::body;
  deadline_ = Loop::Clock::now() + limits.body_time;
  const auto no = [this](int status, std::string_view code, std::string_view detail) {
    refuse(status, code, detail);
    return false;
  };
  if (head.target().size() > limits.target_bytes) return no(414, "address_too_long", "The address is too long.");
  if (!is_http_1_0_ && head.count(http::field::host) != 1) return no(400, "bad_host", "The request must name one Host.");
  if (head.count(http::field::transfer_encoding) > 0 && !iequals(head[http::field::transfer_encoding], "chunked")) {
    return no(501, "unknown_transfer_encoding", "Bodies come chunked or with a Content-Length.");
  }
  const auto expected = head[http::field::expect];
  if (expected.empty() || is_http_1_0_) return true;
  if (!iequals(expected, "100-continue")) return no(417, "unknown_expectation", "Only 100-continue can be expected.");
  if (parser_->is_done() || buffer_.size() > 0) return true;
  send_continue();
  return false;
}

void Connection::send_continue() {
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(socket_, asio::buffer(go_on), [self = shared_from_this()](error_code error, std::size_t) {
    if (self->phase_ == Phase::closed) return;
    if (error) return self->close();
    self->advance();
  });
}

void Connection::dispatch() {
  phase_ = Phase::working;
  deadline_ = TimePoint::max();  // the call has its own
  keep_alive_ = parser_->keep_alive();
  Request request = take_request(parser_->get(), verb_, correlation_);
  bytes_in_ = request.body.size();
  parser_.reset();
  Site::Plan plan = loop_.site().plan(request);
  route_ = plan.route;
  if (plan.answer) return respond(std::move(*plan.answer));
  const auto kind = request.verb == Verb::get || request.verb == Verb::head ? rpc::Workers::Kind::read : rpc::Workers::Kind::call;
  // Refused or dropped, the job takes the reply with it, and that says so.
  (void)loop_.workers().try_post(
      [&site = loop_.site(), plan = std::move(plan), request = std::move(request), arrived = arrived_,
       reply = Reply(loop_.mailbox(), id_, std::string(correlation_.trace_id()))]() mutable {
        reply.give(site.call(plan, request, arrived));
      },
      kind);
}

void Connection::refuse_syntax(error_code error) {
  if (error == http::error::body_limit) return refuse(413, "body_too_large", "The body is too large.");
  if (error == http::error::bad_version) return refuse(505, "unknown_version", "This server speaks HTTP/1.1.");
  if (error != http::error::header_limit) return refuse(400, "malformed_http", "This is not a well-formed HTTP request.");
  if (parser_->get().target().empty()) return refuse(414, "address_too_long", "The address is too long.");
  return refuse(431, "header_too_large", "The header is too large.");
}

/// It may find that it is this connection itself that has to give way.
void Connection::count_body(std::size_t bytes) {
  const auto before = std::exchange(held_, bytes);
  loop_.hold(before, bytes);
}

/// Where the request ends is not known any more, so the connection ends with it; and the client may still be sending.
void Connection::refuse(int status, std::string_view code, std::string_view detail) {
  if (correlation_.request_id.empty()) correlation_ = correlate({}, {}, loop_.site().ids());
  keep_alive_ = false;
  refused_ = true;
  parser_.reset();
  count_body(0);
  respond(problem(status, code, detail, correlation_.trace_id()));
}

void Connection::respond(Response response) {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::writing;
  since_ = Loop::Clock::now();
  deadline_ = since_ + loop_.options().limits.write_time;
  keep_alive_ = keep_alive_ && !loop_.is_stopping();
  response_ = std::move(response);
  head_ = head_of(response_, correlation_, keep_alive_, is_http_1_0_);
  const std::string_view content = verb_ == Verb::head ? std::string_view() : response_.content();
  const std::array<asio::const_buffer, 2> parts{asio::buffer(head_), asio::buffer(content)};
  asio::async_write(socket_, parts, [self = shared_from_this()](error_code error, std::size_t) { self->on_written(error); });
}

void Connection::on_written(error_code error) {
  log();
  if (phase_ == Phase::closed) return;
  if (error) return close();
  // Not where the loop began to stop meanwhile: a client that was not told may be sending its next request.
  const bool ends = !keep_alive_;
  // Closing over bytes that were never read resets the connection, and an answer on its way may be lost with it.
  if (refused_ || (ends && socket_.available(error) > 0)) return linger();
  if (ends) return close();
  become_idle();
  advance();
}

void Connection::log() const {
  if (!loop_.options().log) return;
  loop_.options().log({.verb = verb_,
                       .route = route_,
                       .status = response_.status,
                       .took = Loop::Clock::now() - arrived_,
                       .bytes_in = bytes_in_,
                       .bytes_out = verb_ == Verb::head ? 0 : response_.content().size(),
                       .correlation = correlation_});
}

void Connection::linger() {
  phase_ = Phase::lingering;
  deadline_ = Loop::Clock::now() + linger_time;
  error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  if (error) return close();
  buffer_.consume(buffer_.size());
  read();
}

void Connection::time_out() {
  switch (phase_) {
    case Phase::header:
    case Phase::body: {
      // The pending read ends and tells the client why.
      timed_out_ = true;
      count_body(0);
      deadline_ = TimePoint::max();
      error_code ignored;
      socket_.cancel(ignored);
      return;
    }
    case Phase::idle:
    case Phase::writing:
    case Phase::lingering: return close();
    case Phase::working:
    case Phase::closed: return;
  }
}

std::optional<std::pair<int, Connection::TimePoint>> Connection::rank_in_giving_way() const {
  switch (phase_) {
    case Phase::lingering: return std::pair(0, since_);
    case Phase::idle:
    case Phase::header:
    case Phase::body: return std::pair(1, since_);
    case Phase::writing: return std::pair(3, since_);
    case Phase::working:
    case Phase::closed: return std::nullopt;
  }
  return std::nullopt;
}

bool Connection::has_asked() const {
  error_code error;
  return phase_ == Phase::idle && socket_.available(error) > 0;
}

void Connection::drain() {
  if (phase_ == Phase::idle) deadline_ = std::min(deadline_, since_ + loop_.options().limits.idle_grace);
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  count_body(0);
  error_code ignored;
  socket_.close(ignored);
  loop_.remove(id_);
}

}  // namespace pkg::rest
