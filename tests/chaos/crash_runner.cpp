#include "tests/chaos/crash_runner.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

namespace mall::chaos {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

// What the load does a few times a minute is reached by then, twice.
constexpr auto patience = 60s;
constexpr int in_a_row = 12;

// Who has waited for so long may wait for news of the broker, which only one that was emptied has.
constexpr auto wait_for_a_wipe = 5s;

bool is_at_the_end(const Death& death) { return death.point.ends_with("|end"); }

}  // namespace

CrashRunner::CrashRunner(MallUnderFire& mall, Run& run, const CrashFiles& files, std::vector<Death> deaths, std::size_t at_once)
    : mall_(mall), run_(run), files_(files), at_once_(at_once), took_(files.folder / "died") {
  for (auto& death : deaths) left_[death.service].push_back(std::move(death));
  for (auto& [service, left] : left_) {
    std::ranges::stable_partition(left, std::not_fn(is_at_the_end));
    turns_.push_back(service);
  }
  run_.note_fault();
}

bool CrashRunner::is_done() const {
  return armed_.empty() && std::ranges::all_of(left_, [](const auto& each) { return each.second.empty(); });
}

void CrashRunner::start(const std::string& service, const std::vector<Death>& fatal) {
  {
    std::ofstream order(files_.order(service), std::ios::trunc);
    for (const auto& death : fatal) order << death.point << '|' << death.pass << '\n';
  }
  mall_.kill_service(service);
  run_.note_fault();
}

/// Nothing else is left than to die while it ends, which it has to be told.
bool CrashRunner::is_at_its_end(const std::string& service) const {
  const auto& left = left_.at(service);
  return !left.empty() && is_at_the_end(left.front());
}

void CrashRunner::arm(const std::string& service, int in_a_row) {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(files_.log(service), ignored);
  read_up_to_[service] = ignored ? 0 : static_cast<std::streamoff>(size);
  start(service, left_.at(service));
  armed_.insert_or_assign(service, Armed{steady_clock::now(), in_a_row});
}

void CrashRunner::let_run(const std::string& service) {
  armed_.erase(service);
  start(service, {});
}

void CrashRunner::step() {
  for (const auto& service : MallUnderFire::service_names()) {
    if (const auto armed = armed_.find(service); armed != armed_.end()) {
      look_at(service, armed->second);
    } else if (auto ended = mall_.ended(service)) {
      run_.find(service + " ended by itself with status " + std::to_string(*ended));
      start(service, {});
    }
  }
  for (std::size_t i = 0; i < turns_.size() && armed_.size() < at_once_; ++i) {
    const std::string service = turns_.front();
    turns_.pop_front();
    turns_.push_back(service);
    if (!left_.at(service).empty() && !armed_.contains(service)) arm(service, 0);
  }
}

void CrashRunner::look_at(const std::string& service, Armed& armed) {
  if (is_at_its_end(service) && !armed.told_to_end && mall_.is_ready(service)) {
    mall_.terminate_service(service);
    armed.told_to_end = true;
  }
  if (const auto ended = mall_.ended(service)) {
    const Armed was = armed;
    note_death(service, *ended, was.since);
    // Again in the same place, but after some deaths others have their turn, and this one runs for a while.
    if (was.in_a_row + 1 < in_a_row && !left_.at(service).empty())
      arm(service, was.in_a_row + 1);
    else
      let_run(service);
  } else if (steady_clock::now() - armed.since > patience) {
    give_up_on(service);
  } else if (const auto quiet_since = std::max(armed.since, last_wipe_); steady_clock::now() - quiet_since > wait_for_a_wipe) {
    mall_.wipe_nats();
    last_wipe_ = steady_clock::now();
    run_.note_fault();
  }
}

/// The death that the service has written down since it was armed, as Death's name has it without the service.
std::optional<std::string> CrashRunner::read_death(const std::string& service) {
  constexpr std::string_view died = "died at ";
  std::ifstream log(files_.log(service));
  log.seekg(read_up_to_[service]);
  for (std::string line; std::getline(log, line);) {
    if (line.starts_with(died)) return line.substr(died.size());
  }
  return std::nullopt;
}

void CrashRunner::note_death(const std::string& service, int status, Time since) {
  auto& left = left_.at(service);
  const auto name = read_death(service);
  const auto death = std::ranges::find_if(left, [&](const Death& each) { return name && each.name() == service + " " + *name; });
  if (death == left.end() || status != 128 + SIGKILL)
    return run_.find(service + " ended with status " + std::to_string(status) +
                     (name ? " at " + *name : std::string(" at no crash point")));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - since);
  took_ << death->name() << ' ' << took.count() << " ms" << std::endl;
  died_.push_back(std::move(*death));
  left.erase(death);
}

void CrashRunner::give_up_on(const std::string& service) {
  for (const auto& death : std::exchange(left_.at(service), {})) run_.find("not reached: " + death.name());
  let_run(service);
}

}  // namespace mall::chaos
