#pragma once
// What this process has written last, so that the next unit of work needs no read before its write.

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "pkg/postgres/transaction.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::postgres {

/// std::hash, and what it lacks: pairs.
template <class Key>
struct RecentHash : std::hash<Key> {};
template <class First, class Second>
struct RecentHash<std::pair<First, Second>> {
  std::size_t operator()(const std::pair<First, Second>& key) const {
    return std::hash<First>{}(key.first) * 31 + std::hash<Second>{}(key.second);
  }
};

/// Values by their keys, each with a `version` that grows with every change. May be behind what other processes have written: so whoever
/// writes what follows from it makes the database check the version, and whoever writes nothing looks there first. For units of a
/// PgTransactor. Safe from any thread.
template <class Key, class Value>
class RecentWrites {
 public:
  using Keep = std::function<bool(const Value&)>;

  /// Remembers at most `limit` that are committed, and of those only what `keep` says yes to.
  explicit RecentWrites(std::size_t limit, Keep keep = [](const Value&) { return true; }) : limit_(limit), keep_(std::move(keep)) {}

  /// What the unit itself wrote, else what was committed last in this process.
  std::optional<Value> find(const uow::UnitOfWork& unit, const Key& key) {
    const std::scoped_lock lock(mutex_);
    if (const auto mine = written_.find(&unit); mine != written_.end()) {
      if (const auto found = mine->second.find(key); found != mine->second.end()) return found->second;
    }
    const auto found = places_.find(key);
    return found == places_.end() ? std::nullopt : std::optional(found->second->second);
  }

  /// True from a write that was rolled back, perhaps because somebody else was faster, until one is committed or settle_doubt().
  bool is_in_doubt(const Key& key) {
    const std::scoped_lock lock(mutex_);
    return in_doubt_.contains(key);
  }
  /// The caller has looked.
  void settle_doubt(const Key& key) {
    const std::scoped_lock lock(mutex_);
    in_doubt_.erase(key);
  }

  /// Seen by this unit from now on, and by all once it has committed.
  void write(uow::UnitOfWork& unit, const Key& key, Value value) {
    const std::scoped_lock lock(mutex_);
    const auto [mine, first] = written_.try_emplace(&unit);
    if (transaction_of(unit).has_savepoint()) prepare_to_take_back(unit, key, mine->second);
    mine->second.insert_or_assign(key, std::move(value));
    if (first) transaction_of(unit).on_outcome([this, unit = &unit](Outcome outcome) { settle(unit, outcome == Outcome::committed); });
  }

 private:
  static constexpr std::size_t most_in_doubt = 1000;
  using Written = std::map<Key, Value>;
  using Kept = std::list<std::pair<Key, Value>>;
  using Places = std::unordered_map<Key, typename Kept::iterator, RecentHash<Key>>;

  // Only what was at fault is in doubt: the others write the same again.
  void prepare_to_take_back(uow::UnitOfWork& unit, const Key& key, const Written& mine) {
    const auto found = mine.find(key);
    std::optional<Value> former;
    if (found != mine.end()) former = found->second;
    transaction_of(unit).on_taken_back([this, unit = &unit, key, former = std::move(former), part = unit.part()](std::size_t failed_part) {
      const std::scoped_lock lock(mutex_);
      Written& mine_now = written_[unit];
      if (former) {
        mine_now.insert_or_assign(key, *former);
      } else {
        mine_now.erase(key);
      }
      if (part == failed_part) give_up(key);
    });
  }

  void settle(const uow::UnitOfWork* unit, bool committed) {
    const std::scoped_lock lock(mutex_);
    const auto mine = written_.extract(unit);
    for (auto& [key, value] : mine.mapped()) {
      if (committed) {
        in_doubt_.erase(key);
        put(key, std::move(value));
      } else {
        give_up(key);
      }
    }
  }

  void give_up(const Key& key) {
    if (const auto place = places_.find(key); place != places_.end()) drop(place);
    doubt(key);
  }

  // Many are never settled, as the id of what could not be begun while the database was away: the oldest go.
  void doubt(const Key& key) {
    if (!in_doubt_.insert(key).second) return;
    doubts_.push_back(key);
    if (doubts_.size() <= most_in_doubt) return;
    in_doubt_.erase(doubts_.front());
    doubts_.pop_front();
  }

  void put(const Key& key, Value value) {
    if (const auto place = places_.find(key); place != places_.end()) {
      if (place->second->second.version >= value.version) return;
      drop(place);
    }
    if (limit_ == 0 || !keep_(value)) return;
    if (kept_.size() == limit_) drop(places_.find(kept_.front().first));
    places_.emplace(key, kept_.emplace(kept_.end(), key, std::move(value)));
  }

  void drop(typename Places::iterator place) {
    kept_.erase(place->second);
    places_.erase(place);
  }

  const std::size_t limit_;
  const Keep keep_;
  std::mutex mutex_;
  Kept kept_;  // the longest untouched in front
  Places places_;
  std::set<Key> in_doubt_;
  std::deque<Key> doubts_;  // all that came, in their order
  std::map<const uow::UnitOfWork*, Written> written_;  // by units at work
};

}  // namespace pkg::postgres
