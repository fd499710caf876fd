#include "pkg/grpc/event_engine.hpp"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace pkg::grpc {
namespace {

using std::chrono::steady_clock;

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "pkg/grpc/event_engine.cpp: gRPC asks its engine for %s, which version 1.51 does not; see event_engine.hpp\n", what);
  std::abort();
}

}  // namespace

EventEngine::~EventEngine() {
  decltype(Agenda::tasks) left;  // ended outside the lock: what they hold may come back to the engine
  {
    const std::scoped_lock lock(agenda_->mutex);
    agenda_->ended = true;
    left.swap(agenda_->tasks);
  }
  agenda_->changed.notify_all();
  if (!thread_.joinable()) return;
  if (IsWorkerThread()) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

bool EventEngine::IsWorkerThread() {
  const std::scoped_lock lock(agenda_->mutex);
  return thread_.get_id() == std::this_thread::get_id();
}

void EventEngine::Run(Closure* closure) {
  add({}, [closure] { closure->Run(); });
}

void EventEngine::Run(absl::AnyInvocable<void()> closure) { add({}, std::move(closure)); }

EventEngine::TaskHandle EventEngine::RunAfter(Duration when, Closure* closure) {
  return add(when, [closure] { closure->Run(); });
}

EventEngine::TaskHandle EventEngine::RunAfter(Duration when, absl::AnyInvocable<void()> closure) { return add(when, std::move(closure)); }

EventEngine::TaskHandle EventEngine::add(Duration when, absl::AnyInvocable<void()> task) {
  const auto now = steady_clock::now();
  // Also what is due beyond the clock's end, by which gRPC means never.
  const Time due = when > Time::max() - now ? Time::max() : now + std::max(when, Duration{});
  bool is_first = false;
  Key key;
  {
    const std::scoped_lock lock(agenda_->mutex);
    key = {due, ++agenda_->last_number};
    const auto place = agenda_->tasks.emplace(key, std::move(task)).first;
    is_first = place == agenda_->tasks.begin();
    if (!thread_.joinable()) thread_ = std::thread([agenda = agenda_]() noexcept { work(agenda); });
  }
  if (is_first) agenda_->changed.notify_one();
  return {{static_cast<std::intptr_t>(key.first.time_since_epoch().count()), key.second}};
}

bool EventEngine::Cancel(TaskHandle handle) {
  const Key key{Time(Duration(handle.keys[0])), handle.keys[1]};
  decltype(Agenda::tasks)::node_type cancelled;  // ended outside the lock, as in the destructor
  {
    const std::scoped_lock lock(agenda_->mutex);
    cancelled = agenda_->tasks.extract(key);
  }
  return !cancelled.empty();
}

void EventEngine::work(const std::shared_ptr<Agenda>& agenda) {  // shared as said there
  ::pthread_setname_np(::pthread_self(), "grpc_tasks");
  auto& [mutex, changed, tasks, last_number, ended] = *agenda;
  std::unique_lock lock(mutex);
  while (!ended) {
    if (tasks.empty() || tasks.begin()->first.first == Time::max()) {
      changed.wait(lock);
      continue;
    }
    const Time due = tasks.begin()->first.first;
    if (due > steady_clock::now()) {
      changed.wait_until(lock, due);
      continue;
    }
    {
      auto task = tasks.extract(tasks.begin());
      lock.unlock();
      task.mapped()();
    }  // and what it held ends before the lock
    lock.lock();
  }
}

absl::StatusOr<std::unique_ptr<EventEngine::Listener>> EventEngine::CreateListener(
    Listener::AcceptCallback /*on_accept*/, absl::AnyInvocable<void(absl::Status)> /*on_shutdown*/,
    const grpc_event_engine::experimental::EndpointConfig& /*config*/,
    std::unique_ptr<grpc_event_engine::experimental::MemoryAllocatorFactory> /*allocators*/) {
  give_up("a listener");
}

EventEngine::ConnectionHandle EventEngine::Connect(OnConnectCallback /*on_connect*/, const ResolvedAddress& /*address*/,
                                                   const grpc_event_engine::experimental::EndpointConfig& /*config*/,
                                                   grpc_event_engine::experimental::MemoryAllocator /*allocator*/, Duration /*timeout*/) {
  give_up("a connection");
}

bool EventEngine::CancelConnect(ConnectionHandle /*handle*/) { give_up("the end of a connection"); }

std::unique_ptr<EventEngine::DNSResolver> EventEngine::GetDNSResolver(const DNSResolver::ResolverOptions& /*options*/) {
  give_up("a name");
}

}  // namespace pkg::grpc
