#include "tests/chaos/crash_runner.hpp"

#include <csignal>
#include <fstream>
#include <utility>

namespace mall::chaos {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

// What the load does every few seconds is reached by then; what needs a second pass in one life may take twice as long.
constexpr auto patience = 12s;
constexpr int tries = 3;
constexpr int in_a_row = 12;

bool is_at_the_end(const Death& death) { return death.point.ends_with("|end"); }

}  // namespace

CrashRunner::CrashRunner(MallUnderFire& mall, Run& run, const CrashFiles& files, std::vector<Death> deaths, std::size_t at_once)
    : mall_(mall), run_(run), files_(files), at_once_(at_once), took_(files.folder / "died") {
  for (auto& death : deaths) queues_[death.service].push_back(std::move(death));
  for (const auto& [service, queue] : queues_) turns_.push_back(service);
  run_.note_fault();
}

std::size_t CrashRunner::left() const {
  std::size_t left = armed_.size();
  for (const auto& [service, queue] : queues_) left += queue.size();
  return left;
}

void CrashRunner::arm(const std::string& service, std::optional<Death> death, int row) {
  {
    std::ofstream order(files_.order(service), std::ios::trunc);
    if (death) order << death->point << '|' << death->pass << '\n';
  }
  mall_.kill_service(service);
  run_.note_fault();
  if (death) armed_.insert_or_assign(service, Armed{std::move(*death), steady_clock::now(), row});
}

void CrashRunner::step() {
  for (const auto& service : MallUnderFire::service_names()) {
    if (const auto armed = armed_.find(service); armed != armed_.end()) {
      look_at(service, armed->second);
    } else if (auto ended = mall_.ended(service)) {
      run_.find(service + " ended by itself with status " + std::to_string(*ended));
      arm(service, std::nullopt);
    }
  }
  for (std::size_t i = 0; i < turns_.size() && armed_.size() < at_once_; ++i) {
    const std::string service = turns_.front();
    turns_.pop_front();
    turns_.push_back(service);
    auto& queue = queues_[service];
    if (queue.empty() || armed_.contains(service)) continue;
    Death next = std::move(queue.front());
    queue.pop_front();
    arm(service, std::move(next));
  }
}

void CrashRunner::look_at(const std::string& service, Armed& armed) {
  const auto age = steady_clock::now() - armed.since;
  if (is_at_the_end(armed.death) && !armed.told_to_end && mall_.is_ready(service)) {
    mall_.terminate_service(service);
    armed.told_to_end = true;
  }
  if (const auto ended = mall_.ended(service)) {
    const Armed was = std::move(armed_.extract(service).mapped());
    if (*ended != 128 + SIGKILL) run_.find(was.death.name() + ": ended with status " + std::to_string(*ended));
    died_.push_back(was.death);
    took_ << was.death.name() << ' ' << std::chrono::duration_cast<std::chrono::milliseconds>(age).count() << " ms" << std::endl;
    // The next one in the same place, but after some of them others have their turn, and this one runs for a while.
    auto& queue = queues_[service];
    const bool goes_on = was.in_a_row + 1 < in_a_row && !queue.empty();
    auto next = goes_on ? std::optional(queue.front()) : std::nullopt;
    if (goes_on) queue.pop_front();
    arm(service, std::move(next), was.in_a_row + 1);
    return;
  }
  if (age > patience * static_cast<int>(armed.death.pass)) give_up_on(service, std::move(armed_.extract(service).mapped()));
}

void CrashRunner::give_up_on(const std::string& service, Armed armed) {
  if (++armed.death.tries < tries) {
    queues_[service].push_back(std::move(armed.death));
  } else {
    run_.find("not reached, in " + std::to_string(tries) + " tries: " + armed.death.name());
  }
  arm(service, std::nullopt);
}

}  // namespace mall::chaos
