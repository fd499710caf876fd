#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pkg/saga_engine/state.hpp"

namespace pkg::saga_pg {

/// The sagas moved last in this process, so that a reply needs no read before its write. May be behind what other processes saved;
/// the version that every save checks finds that out. Safe from any thread.
class RecentSagas {
 public:
  using Key = std::pair<std::string, std::string>;  // name, id

  explicit RecentSagas(std::size_t limit) : limit_(limit) {}

  std::optional<saga::State> find(const Key& key) {
    const std::scoped_lock lock(mutex_);
    const auto found = places_.find(key);
    return found == places_.end() ? std::nullopt : std::optional(*found->second);
  }

  /// An ended saga is forgotten: hardly anything comes for it any more.
  void put(saga::State state) {
    const std::scoped_lock lock(mutex_);
    const Key key{state.name, state.id};
    if (const auto found = places_.find(key); found != places_.end()) {
      if (found->second->version >= state.version) return;
      drop(found);
    }
    if (limit_ == 0 || saga::has_ended(state.status)) return;
    if (states_.size() == limit_) drop(places_.find({states_.front().name, states_.front().id}));
    places_.emplace(key, states_.insert(states_.end(), std::move(state)));
  }

  void forget(const Key& key) {
    const std::scoped_lock lock(mutex_);
    if (const auto found = places_.find(key); found != places_.end()) drop(found);
  }

 private:
  using Places = std::map<Key, std::list<saga::State>::iterator>;
  void drop(Places::iterator place) {
    states_.erase(place->second);
    places_.erase(place);
  }

  const std::size_t limit_;
  std::mutex mutex_;
  std::list<saga::State> states_;  // the longest untouched in front
  Places places_;
};

}  // namespace pkg::saga_pg
