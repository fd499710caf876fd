#include "pkg/agent/run.hpp"

#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "pkg/agent/supervision.hpp"
#include "pkg/config/read.hpp"
#include "pkg/grpc/library.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/log/stream_output.hpp"

namespace pkg::agent {
namespace {

/// The signals that ask for an end, taken by one thread; all others leave them alone.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);  // threads started from here on inherit it
    std::signal(SIGPIPE, SIG_IGN);                   // a peer that goes away is an error of the write, not of the process
  }
  void wait() const {
    int signal = 0;
    sigwait(&signals_, &signal);
  }

 private:
  sigset_t signals_{};
};

/// Each connection is a file, and the limit that a shell sets by itself (1024) is less than what a service may have open.
void allow_many_files() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = std::max<rlim_t>(files.rlim_cur, std::min<rlim_t>(files.rlim_max, 65'536));
  setrlimit(RLIMIT_NOFILE, &files);
}

struct Services {
  std::deque<config::Spec> specs;
  std::vector<config::Spec*> pointers;
};

void declare(std::vector<std::unique_ptr<Blueprint>>& blueprints, Services& services) {
  for (auto& blueprint : blueprints) {
    auto& spec = services.specs.emplace_back(std::string(blueprint->service()), std::string(blueprint->defaults()));
    blueprint->declare(spec);
    services.pointers.push_back(&spec);
  }
}

errors::Result<PassedSockets> passed_sockets(const std::vector<std::unique_ptr<Blueprint>>& blueprints) {
  std::vector<std::string> services;
  for (const auto& blueprint : blueprints) services.emplace_back(blueprint->service());
  return take_passed_sockets(services);
}

bool start_all(std::vector<std::unique_ptr<Agent>>& agents, const std::vector<std::unique_ptr<Blueprint>>& blueprints,
               const std::stop_token& stop, const Process& process) {
  for (std::size_t i = 0; i < agents.size() && !stop.stop_requested(); ++i) {
    const auto started = agents[i]->start(stop);
    if (started) continue;
    log::Logger(process.log, process.clock, std::string(blueprints[i]->service()), log::Level::info).error("cannot start", started.error());
    return false;
  }
  return true;
}

void stop_all(std::vector<std::unique_ptr<Agent>>& agents, std::chrono::milliseconds within) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  std::vector<std::jthread> stopping;
  for (auto& agent : agents) stopping.emplace_back([&agent, deadline] { agent->stop(deadline); });
}

}  // namespace

int run(int argc, const char* const* argv, std::vector<std::unique_ptr<Blueprint>> blueprints) {
  Services services;
  declare(blueprints, services);
  if (const auto verdict = config::read(services.pointers, config::Sources::of_process(argc, argv)); !verdict.proceed)
    return verdict.finish();

  const auto sockets = passed_sockets(blueprints);
  if (!sockets) {
    fmt::print(stderr, "{}\n", sockets.error().detail);
    return 2;
  }
  allow_many_files();
  grpc::prepare_library();
  const StopSignals signals;
  const clock::SystemClock clock;
  ids::TimeOrderedIds ids(clock);
  const auto output = log::stream_output({.descriptor = 2, .format = blueprints.front()->log_format()});
  const Process process{.clock = clock, .ids = ids, .log = *output, .sockets = *sockets};

  std::stop_source stop;
  // Detached: it may wait for a second signal when the process is through.
  std::thread([signals, stop]() mutable {
    signals.wait();
    stop.request_stop();
    signals.wait();
    std::_Exit(130);
  }).detach();

  std::vector<std::unique_ptr<Agent>> agents;
  auto within = std::chrono::milliseconds{0};
  for (auto& blueprint : blueprints) {
    agents.push_back(blueprint->build(process));
    within = std::max(within, blueprint->stop_within());
  }
  const bool started = start_all(agents, blueprints, stop.get_token(), process);
  if (started) {
    if (!stop.stop_requested()) notify_supervisor("READY");
    std::mutex mutex;
    std::condition_variable_any asked;
    std::unique_lock lock(mutex);
    asked.wait(lock, stop.get_token(), [] { return false; });
  }
  notify_supervisor("STOPPING");
  stop_all(agents, within);
  agents.clear();
  return started ? 0 : 1;
}

}  // namespace pkg::agent
