#pragma once
// What this process has read lately, for those who may believe it for a moment.

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace pkg::postgres {

/// Values by their keys, each believed for so long after it was read. May be behind by that much: so nothing is decided for good on it, or
/// it never changes, or is news that might as well have come so much later. Whoever changes one in this process forgets it once that is
/// committed. Safe from any thread.
template <class Key, class Value>
class RecentReads {
 public:
  using Clock = std::chrono::steady_clock;

  /// At most `limit` values; of more the one that was read first is forgotten.
  RecentReads(std::size_t limit, Clock::duration believed_for) : limit_(limit), believed_for_(believed_for) {}

  std::optional<Value> find(const Key& key) {
    const auto now = Clock::now();
    const std::scoped_lock lock(mutex_);
    const auto place = places_.find(key);
    if (place == places_.end()) return std::nullopt;
    if (now - place->second->read_at >= believed_for_) {
      drop(place);
      return std::nullopt;
    }
    return place->second->value;
  }

  void put(const Key& key, Value value) {
    const auto now = Clock::now();
    const std::scoped_lock lock(mutex_);
    if (const auto place = places_.find(key); place != places_.end()) drop(place);
    if (limit_ == 0) return;
    if (kept_.size() == limit_) drop(places_.find(kept_.front().key));
    places_.emplace(key, kept_.insert(kept_.end(), {key, std::move(value), now}));
  }

  void forget(const Key& key) {
    const std::scoped_lock lock(mutex_);
    if (const auto place = places_.find(key); place != places_.end()) drop(place);
  }

  void forget_all() {
    const std::scoped_lock lock(mutex_);
    places_.clear();
    kept_.clear();
  }

 private:
  struct Read {
    Key key;
    Value value;
    Clock::time_point read_at;
  };
  using Kept = std::list<Read>;
  using Places = std::map<Key, typename Kept::iterator>;

  void drop(typename Places::iterator place) {
    kept_.erase(place->second);
    places_.erase(place);
  }

  const std::size_t limit_;
  const Clock::duration believed_for_;
  std::mutex mutex_;
  Kept kept_;  // the one that was read first in front
  Places places_;
};

}  // namespace pkg::postgres
