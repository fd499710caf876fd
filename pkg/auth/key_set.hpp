#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "pkg/auth/keys.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"

namespace pkg::auth {

/// The keys that tokens are verified with, fetched from whoever signs and kept. Asked for a key that it does not have, it fetches again,
/// but not more often than `retry_after`; it also fetches every `refresh_every`, so that a withdrawn key goes. While the source is away
/// it goes on with what it has. Safe to use from many threads; one of them fetches while those that know their key go on.
class KeySet {
 public:
  /// Returns a JWKS. Called in the thread that needs a key: it must have a time limit of its own (a second or two).
  using Fetch = std::function<errors::Result<std::string>()>;
  struct Options {
    clock::Duration refresh_every = std::chrono::minutes{10};
    clock::Duration retry_after = std::chrono::seconds{5};
  };

  /// The clock must outlive the set. Fetches nothing yet.
  KeySet(Fetch fetch, const clock::Clock& clock, Options options);
  KeySet(Fetch fetch, const clock::Clock& clock) : KeySet(std::move(fetch), clock, Options()) {}

  // Shared by this set and by verifications that are under way when a refresh drops the key.
  using SharedKey = std::shared_ptr<const PublicKey>;

  /// Null when the source does not know the key either. Fails with `unavailable`, code keys_unavailable, when that cannot be found out:
  /// the key is not known here and the source did not answer.
  errors::Result<SharedKey> find(std::string_view kid);

 private:
  SharedKey known(std::string_view kid) const;
  bool is_due(clock::Duration since_success) const;
  void fetch_now();

  Fetch fetch_;
  const clock::Clock& clock_;
  Options options_;
  std::mutex fetching_;  // taken before mutex_
  mutable std::mutex mutex_;
  std::map<std::string, SharedKey, std::less<>> keys_;
  clock::TimePoint last_try_ = clock::TimePoint::min();
  clock::TimePoint last_success_ = clock::TimePoint::min();
  bool last_failed_ = true;
};

}  // namespace pkg::auth
