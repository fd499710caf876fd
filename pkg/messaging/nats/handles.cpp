#include "pkg/messaging/nats/handles.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace pkg::messaging::nats {
namespace {

thread_local const Handles* gathering = nullptr;

/// Messages of this thread that are done with. The library has a thread for freeing, which each message alone would wake.
class Done {
 public:
  Done() = default;
  Done(const Done&) = delete;
  Done& operator=(const Done&) = delete;
  ~Done() { free(); }

  void add(natsMsg* message) { messages_.push_back(message); }
  bool is_worth_a_waking() const { return messages_.size() >= 64; }
  void free() {
    for (natsMsg* message : messages_) natsMsg_Destroy(message);
    messages_.clear();
  }

 private:
  std::vector<natsMsg*> messages_;
};
thread_local Done done;

int make_eventfd() {
  const int made = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (made < 0) throw std::system_error(errno, std::system_category(), "eventfd");
  return made;
}

}  // namespace

Handles::Gathering::Gathering(Handles& handles) : handles_(handles), outer_(std::exchange(gathering, &handles)) {}

Handles::Gathering::~Gathering() {
  gathering = outer_;
  if (outer_ != &handles_) handles_.flush();
  if (outer_ == nullptr && done.is_worth_a_waking()) done.free();
}

void Handles::Gathering::free_later(natsMsg* message) { done.add(message); }

Handles::Handles() : wakes_(make_eventfd()) {}

Handles::~Handles() {
  // Up to 3.5 the library may touch a subscription that is freed while a message for it comes in (issue 637 of nats.c), so they are kept
  // until nobody reads any more.
  if (connection_ != nullptr) natsConnection_Close(connection_);
  for (const auto* each : {&listeners_, &ended_}) {
    for (const auto& listener : *each) natsSubscription_Destroy(listener->subscription);
  }
  natsConnection_Destroy(connection_);
  close(wakes_);
}

natsStatus Handles::connect(natsOptions* options) {
  const natsStatus status = natsOptions_SetEventLoop(options, this, attach, want_read, want_write, detach);
  return status == NATS_OK ? natsConnection_Connect(&connection_, options) : status;
}

void Handles::run() {
  while (!is_over_) {
    pollfd polled[] = {{socket_, static_cast<short>(POLLIN | (is_blocked_ ? POLLOUT : 0)), 0}, {wakes_, POLLIN, 0}};
    if (poll(polled, std::size(polled), -1) < 0) continue;  // interrupted by a signal
    if (polled[1].revents != 0) {
      std::uint64_t count = 0;
      static_cast<void>(::read(wakes_, &count, sizeof count));  // empty already: another wake-up came between
    }
    const Gathering answers(*this);
    if ((polled[0].revents & ~POLLOUT) != 0 && !is_over_) {
      read();
      hand_over();
    }
  }
}

void Handles::stop() {
  is_over_ = true;
  {
    // Over TLS the library may be waiting for the rest of a record.
    const std::scoped_lock lock(end_mutex_);
    if (socket_is_open_) ::shutdown(socket_, SHUT_RDWR);
  }
  wake();
}

void Handles::add(std::shared_ptr<Listener> listener) {  // shared as said in the header
  const std::scoped_lock lock(listeners_mutex_);
  listeners_.push_back(std::move(listener));
}

void Handles::end(const std::shared_ptr<Listener>& listener) {  // likewise
  {
    const Gathering unsubscribing(*this);
    static_cast<void>(natsSubscription_Unsubscribe(listener->subscription));
  }
  const std::scoped_lock lock(listeners_mutex_);
  std::erase(listeners_, listener);
  ended_.push_back(listener);
}

void Handles::flush() {
  if (!wants_write_) return;
  const std::scoped_lock lock(socket_mutex_);
  if (!wants_write_) return;  // another thread sent it, and with nothing to send the library takes the connection for closed
  natsConnection_ProcessWriteEvent(connection_);
  const bool is_left = wants_write_;
  if (is_blocked_.exchange(is_left) != is_left && is_left) wake();  // to wait until the socket takes more
}

void Handles::read() {
  const std::scoped_lock lock(socket_mutex_);
  natsConnection_ProcessReadEvent(connection_);
}

void Handles::hand_over() {
  std::unique_lock lock(listeners_mutex_);
  const auto listeners = listeners_;
  lock.unlock();
  for (const auto& listener : listeners) {
    int waiting = 0;
    if (natsSubscription_GetPending(listener->subscription, &waiting, nullptr) != NATS_OK) continue;  // ended meanwhile
    for (; waiting > 0; --waiting) {
      natsMsg* message = nullptr;
      const natsStatus status = natsSubscription_NextMsg(&message, listener->subscription, 0);
      if (status != NATS_OK && status != NATS_NO_RESPONDERS) break;  // ended by what it was handed before
      listener->take(message);
      if (message != nullptr) Gathering::free_later(message);
    }
  }
}

void Handles::wake() const {
  const std::uint64_t one = 1;
  static_cast<void>(write(wakes_, &one, sizeof one));  // full: there is a wake-up to come
}

natsStatus Handles::attach(void** user, void* loop, natsConnection*, natsSock socket) {
  *user = loop;
  auto& self = *static_cast<Handles*>(loop);
  self.socket_ = socket;
  self.socket_is_open_ = true;
  return NATS_OK;
}

natsStatus Handles::want_read(void* user, bool wants) {
  if (wants) return NATS_OK;
  auto& self = *static_cast<Handles*>(user);
  self.stop();
  const std::scoped_lock lock(self.end_mutex_);
  self.socket_is_open_ = false;  // the library closes it behind this
  return NATS_OK;
}

natsStatus Handles::want_write(void* user, bool wants) {
  auto& self = *static_cast<Handles*>(user);
  self.wants_write_ = wants;
  // The library's timer asks whether the server is there.
  if (wants && gathering != &self) self.wake();
  return NATS_OK;
}

/// The library calls it last and without its lock: these handles may be gone already.
natsStatus Handles::detach(void* /*user*/) { return NATS_OK; }

}  // namespace pkg::messaging::nats
