#include "pkg/messaging/nats/conversation.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <system_error>
#include <utility>
#include <variant>

namespace pkg::messaging::nats {
namespace {

constexpr int most_pings_out = 2;
constexpr std::size_t usual_gathered = 256 * 1024;  // bytes; more is given back to the system once it is sent

thread_local const Conversation* gathering = nullptr;
thread_local const Conversation* running = nullptr;

int make_eventfd() {
  const int made = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (made < 0) throw std::system_error(errno, std::system_category(), "eventfd");
  return made;
}

}  // namespace

Conversation::Gathering::Gathering(Conversation& conversation)
    : conversation_(conversation), outer_(std::exchange(gathering, &conversation)) {}

Conversation::Gathering::~Gathering() {
  gathering = outer_;
  if (outer_ != &conversation_) conversation_.flush();
}

Conversation::Conversation(StreamPtr stream, WireReader reader, std::size_t max_payload, const PingIntervals& pings)
    : stream_(std::move(stream)),
      wakes_(make_eventfd()),
      max_payload_(max_payload),
      reader_(std::move(reader)),
      pings_(pings),
      ping_due_(std::chrono::steady_clock::now() + pings.talking) {}

Conversation::~Conversation() { close(wakes_); }

void Conversation::run() {
  running = this;
  take_all();  // the reader may have begun
  while (!is_over_) {
    const auto now = std::chrono::steady_clock::now();
    ping_when_due(now);
    const bool has_more = stream_->has_more();
    const auto left = has_more ? 0 : std::chrono::ceil<std::chrono::milliseconds>(ping_due_ - now).count();
    pollfd polled[] = {{stream_->socket(), static_cast<short>(POLLIN | (is_blocked_ ? POLLOUT : 0)), 0}, {wakes_, POLLIN, 0}};
    if (poll(polled, std::size(polled), static_cast<int>(std::max<std::int64_t>(left, 0))) < 0) continue;  // interrupted by a signal
    if (polled[1].revents != 0) {
      std::uint64_t count = 0;
      static_cast<void>(::read(wakes_, &count, sizeof count));  // empty already: another wake-up came between
      ping_due_ = std::min(ping_due_, std::chrono::steady_clock::now() + pings_.talking);
    }
    if ((polled[0].revents & POLLOUT) != 0) {
      const std::scoped_lock lock(out_mutex_);
      is_blocked_ = false;
      write();
    }
    if (has_more || (polled[0].revents & ~POLLOUT) != 0) read();
  }
}

void Conversation::stop() {
  break_off();
  wake();
}

void Conversation::break_off() {
  is_over_ = true;
  ::shutdown(stream_->socket(), SHUT_RDWR);
}

void Conversation::ping_when_due(Time now) {
  if (now < ping_due_) return;
  ping_due_ = now + pings_.talking;
  if (++pings_out_ > most_pings_out) return break_off();
  const Gathering pinging(*this);
  say([](std::string& out) { out += ping_line; });
}

void Conversation::ping_answered() {
  pings_out_ = 0;
  const std::scoped_lock lock(out_mutex_);
  is_quiet_ = !std::exchange(has_told_, false);
  if (is_quiet_) ping_due_ = std::chrono::steady_clock::now() + pings_.quiet;
}

void Conversation::read() {
  const auto count = stream_->read(reader_.room());
  if (count < 0) return break_off();
  reader_.filled(static_cast<std::size_t>(count));
  take_all();
}

void Conversation::take_all() {
  const Gathering answers(*this);
  while (!is_over_) {
    const auto said = reader_.next();
    if (!said) return break_off();
    if (!*said) return;
    take(**said);
  }
}

void Conversation::take(const FromServer& said) {
  if (const auto* message = std::get_if<WireMessage>(&said)) return hand_over(*message);
  if (std::holds_alternative<WirePing>(said)) return say([](std::string& out) { out += pong_line; });
  if (std::holds_alternative<WirePong>(said)) {
    ping_answered();
  } else if (const auto* info = std::get_if<WireInfo>(&said)) {
    if (const auto server = read_server_info(info->json)) max_payload_ = server->max_payload;
  }
  // An error behind which the server goes on is about one message, and seen where that matters: by its missing confirmation.
}

void Conversation::hand_over(const WireMessage& message) {
  std::shared_ptr<const OnMessage> listener;  // shared as said at the listeners
  {
    const std::scoped_lock lock(listeners_mutex_);
    const auto found = listeners_.find(message.subscription);
    if (found == listeners_.end()) return;  // ended meanwhile
    listener = found->second;
  }
  (*listener)(message);
}

std::uint64_t Conversation::listen(std::string_view subject, OnMessage on_message) {
  std::uint64_t subscription = 0;
  {
    const std::scoped_lock lock(listeners_mutex_);
    subscription = ++last_subscription_;
    listeners_.emplace(subscription, std::make_shared<const OnMessage>(std::move(on_message)));  // shared as said there
  }
  const Gathering subscribing(*this);
  say([&](std::string& out) { append_subscribe(out, subject, subscription); });
  return subscription;
}

void Conversation::end(std::uint64_t subscription) {
  {
    const std::scoped_lock lock(listeners_mutex_);
    listeners_.erase(subscription);
  }
  const Gathering unsubscribing(*this);
  say([&](std::string& out) { append_unsubscribe(out, subscription); });
}

void Conversation::publish(std::string_view subject, std::string_view reply, std::string_view header_lines, std::string_view payload) {
  const Gathering publishing(*this);
  say([&](std::string& out) { append_publish(out, subject, reply, header_lines, payload); });
}

template <class Append>
void Conversation::say(const Append& append) {
  const std::scoped_lock lock(out_mutex_);
  if (is_over_) return;
  append(out_);
  waiting_ = out_.size() - written_;
  if (running == this) return;  // it answers what the server has just said
  has_told_ = true;
  if (std::exchange(is_quiet_, false)) wake();
}

void Conversation::flush() {
  const std::scoped_lock lock(out_mutex_);
  if (!is_blocked_ && !is_over_) write();
}

/// Under the lock.
void Conversation::write() {
  while (written_ < out_.size()) {
    const auto count = stream_->write(std::string_view(out_).substr(written_));
    if (count < 0) return stop();
    written_ += static_cast<std::size_t>(count);
    waiting_ = out_.size() - written_;
    if (count > 0) continue;
    is_blocked_ = true;
    out_.erase(0, std::exchange(written_, 0));
    return wake();
  }
  out_.clear();
  written_ = 0;
  if (out_.capacity() > usual_gathered) out_.shrink_to_fit();
}

void Conversation::wake() const {
  const std::uint64_t one = 1;
  static_cast<void>(::write(wakes_, &one, sizeof one));  // full: there is a wake-up to come
}

}  // namespace pkg::messaging::nats
