#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"

namespace users::app {

/// Slows down who guesses a password: after `most` failures within `window` a username's sign-ins fail at once until the oldest of them is
/// past. It counts for names that nobody has as well, so that it does not tell who has an account. Kept in memory, per replica: it is a
/// brake and no lock, somebody else's guesses keep the real user out for minutes at most, and sessions that are under way go on.
class SignInBrake {
 public:
  struct Limits {
    std::size_t most = 10;
    pkg::clock::Duration window = std::chrono::minutes{5};
    std::size_t usernames = 10'000;  ///< so many are remembered; then the one that failed longest ago is forgotten
  };

  explicit SignInBrake(Limits limits) : limits_(limits) {}
  SignInBrake() : SignInBrake(Limits()) {}

  /// Fails with too_many_failed_sign_ins.
  pkg::errors::Result<> check(std::string_view username, pkg::clock::TimePoint now);
  void failed(std::string_view username, pkg::clock::TimePoint now);
  void succeeded(std::string_view username);

 private:
  using Failures = std::map<std::string, std::deque<pkg::clock::TimePoint>, std::less<>>;
  void make_room();

  const Limits limits_;
  std::mutex mutex_;
  Failures failures_;
};

}  // namespace users::app
