#pragma once
// What gRPC has done later, or on another thread.

#include <grpc/event_engine/event_engine.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace pkg::grpc {

/// In place of gRPC's own engine, whose timer thread looks once a second whether something is due, for as long as the process lives: this
/// one has a thread from the first task on, and it waits until one is due, without a limit while there is none. gRPC 1.51 gives an engine
/// tasks and timers only; its connections and names go another way, and so would its own engine refuse them.
class EventEngine final : public grpc_event_engine::experimental::EventEngine {
 public:
  EventEngine() = default;
  EventEngine(const EventEngine&) = delete;
  EventEngine& operator=(const EventEngine&) = delete;
  /// Tasks that are left are forgotten. Any thread may be the last to let go of the engine, its own too.
  ~EventEngine() override;

  bool IsWorkerThread() override;
  void Run(Closure* closure) override;
  void Run(absl::AnyInvocable<void()> closure) override;
  TaskHandle RunAfter(Duration when, Closure* closure) override;
  TaskHandle RunAfter(Duration when, absl::AnyInvocable<void()> closure) override;
  bool Cancel(TaskHandle handle) override;

  // Never called by gRPC 1.51, and a mistake where they are: they end the process.
  absl::StatusOr<std::unique_ptr<Listener>> CreateListener(
      Listener::AcceptCallback on_accept, absl::AnyInvocable<void(absl::Status)> on_shutdown,
      const grpc_event_engine::experimental::EndpointConfig& config,
      std::unique_ptr<grpc_event_engine::experimental::MemoryAllocatorFactory> allocators) override;
  ConnectionHandle Connect(OnConnectCallback on_connect, const ResolvedAddress& address,
                           const grpc_event_engine::experimental::EndpointConfig& config,
                           grpc_event_engine::experimental::MemoryAllocator allocator, Duration timeout) override;
  bool CancelConnect(ConnectionHandle handle) override;
  std::unique_ptr<DNSResolver> GetDNSResolver(const DNSResolver::ResolverOptions& options) override;

 private:
  using Time = std::chrono::steady_clock::time_point;
  using Key = std::pair<Time, std::intptr_t>;  ///< when due, and a number of its own; a TaskHandle's two keys

  /// Of the engine and its thread, which may outlive it by the task it is doing.
  struct Agenda {
    std::mutex mutex;
    std::condition_variable changed;
    std::map<Key, absl::AnyInvocable<void()>> tasks;
    std::intptr_t last_number = 0;
    bool ended = false;
  };

  static void work(const std::shared_ptr<Agenda>& agenda);  // shared as said there
  TaskHandle add(Duration when, absl::AnyInvocable<void()> task);

  const std::shared_ptr<Agenda> agenda_ = std::make_shared<Agenda>();  // shared with the thread
  std::thread thread_;  ///< begun under the agenda's lock
};

}  // namespace pkg::grpc
