#include "users/internal/app/sign_in_brake.hpp"

#include <algorithm>

#include "users/internal/domain/session.hpp"

namespace users::app {

pkg::errors::Result<> SignInBrake::check(std::string_view username, pkg::clock::TimePoint now) {
  const std::scoped_lock lock(mutex_);
  const auto found = failures_.find(username);
  if (found == failures_.end()) return {};
  auto& times = found->second;
  while (!times.empty() && times.front() + limits_.window <= now) times.pop_front();
  if (times.size() < limits_.most) return {};
  return std::unexpected(domain::to_error(
      {domain::SessionRejection::too_many_failed_sign_ins, "Too many attempts with a wrong password; try again in a few minutes."}));
}

void SignInBrake::failed(std::string_view username, pkg::clock::TimePoint now) {
  const std::scoped_lock lock(mutex_);
  auto found = failures_.find(username);
  if (found == failures_.end()) {
    make_room();
    found = failures_.emplace(username, std::deque<pkg::clock::TimePoint>{}).first;
  }
  found->second.push_back(now);
  if (found->second.size() > limits_.most) found->second.pop_front();
}

void SignInBrake::succeeded(std::string_view username) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = failures_.find(username); found != failures_.end()) failures_.erase(found);
}

void SignInBrake::make_room() {
  if (failures_.size() < limits_.usernames) return;
  const auto last_failure = [](const auto& entry) { return entry.second.empty() ? pkg::clock::TimePoint::min() : entry.second.back(); };
  failures_.erase(std::ranges::min_element(failures_, {}, last_failure));
}

}  // namespace users::app
