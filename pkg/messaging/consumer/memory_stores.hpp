#pragma once
// Inbox and parking lot in memory, for units of a MemoryTransactor, and a transactor whose database can be away. For tests.

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "pkg/messaging/consumer/inbox.hpp"
#include "pkg/messaging/consumer/parking_lot.hpp"
#include "pkg/uow/memory_transactor.hpp"

namespace pkg::messaging {

inline errors::Error database_away() { return {errors::ErrorKind::unavailable, "database_unavailable", "The database is away.", {}}; }

class BreakableTransactor final : public uow::Transactor {
 public:
  errors::Result<> run(const uow::Cause& cause, const Work& work) override {
    ++runs;
    if (away) return std::unexpected(database_away());
    auto done = inner_.run(cause, work);
    if (done) ++commits;
    return done;
  }
  bool away = false;
  int runs = 0;
  int commits = 0;

 private:
  uow::MemoryTransactor inner_;
};

class MemoryParkingLot final : public ParkingLot {
 public:
  void park(uow::UnitOfWork& unit, const ParkedMessage& parked) override {
    memory(unit).at_commit([this] { return refuses ? errors::fail(errors::ErrorKind::internal, "unstorable", {}) : errors::Result<>(); },
                           [this, parked] {
                             ParkedMessage row = parked;
                             row.position = ++last_;
                             rows.emplace(row.position, std::move(row));
                           });
  }
  void remove(uow::UnitOfWork& unit, std::int64_t position) override {
    memory(unit).at_commit(
        [this, position]() -> errors::Result<> {
          if (rows.contains(position)) return {};
          return errors::fail(errors::ErrorKind::conflict, "parked_message_gone", "Gone.");
        },
        [this, position] { rows.erase(position); });
  }
  errors::Result<std::vector<ParkedMessage>> heads(std::size_t limit) override {
    if (on_look) on_look();
    if (away) return std::unexpected(database_away());
    std::vector<ParkedMessage> found;
    for (const auto& [position, row] : rows) {
      if (is_head(row) && row.state == ParkedState::waiting) found.push_back(row);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.next_attempt_at < b.next_attempt_at; });
    if (found.size() > limit) found.resize(limit);
    return found;
  }
  errors::Result<std::optional<ParkedMessage>> next_of(const ParkedMessage& parked) override {
    for (const auto& [position, row] : rows) {
      if (position <= parked.position || !same_key(row, parked)) continue;
      return row.state == ParkedState::waiting ? std::optional(row) : std::nullopt;
    }
    return std::nullopt;
  }
  errors::Result<> keep(const ParkedMessage& parked) override {
    if (away) return std::unexpected(database_away());
    rows[parked.position] = parked;
    return {};
  }
  errors::Result<std::vector<ParkedMessage>> list(const ParkedQuery&) override { return std::vector<ParkedMessage>{}; }
  errors::Result<ParkedCounts> count() override { return ParkedCounts{}; }
  errors::Result<> replay(std::int64_t position, clock::TimePoint now) override {
    rows[position].state = ParkedState::waiting;
    rows[position].attempts = 0;
    rows[position].next_attempt_at = now;
    return {};
  }
  errors::Result<> discard(std::int64_t position) override {
    rows.erase(position);
    return {};
  }

  bool waits(const Message& message) const {
    for (const auto& [position, row] : rows) {
      if (row.message.channel == message.channel && row.message.key == message.key) return true;
    }
    return false;
  }
  static uow::MemoryUnitOfWork& memory(uow::UnitOfWork& unit) { return static_cast<uow::MemoryUnitOfWork&>(unit); }

  std::map<std::int64_t, ParkedMessage> rows;
  bool away = false;
  bool refuses = false;  ///< whatever is parked
  std::function<void()> on_look;

 private:
  static bool same_key(const ParkedMessage& a, const ParkedMessage& b) {
    return a.message.channel == b.message.channel && a.message.key == b.message.key;
  }
  bool is_head(const ParkedMessage& row) const {
    for (const auto& [position, other] : rows) {
      if (same_key(row, other)) return position == row.position;
    }
    return false;
  }
  std::int64_t last_ = 0;
};

class MemoryInbox final : public Inbox {
 public:
  explicit MemoryInbox(const MemoryParkingLot& lot) : lot_(lot) {}
  errors::Result<std::vector<Admission>> admit(uow::UnitOfWork& unit, std::span<const Message* const> messages) override {
    ++round_trips;
    std::vector<Admission> admissions;
    std::set<std::string> here;
    for (const Message* message : messages) {
      const bool fresh = !seen.contains(message->id) && here.insert(message->id).second;
      admissions.push_back({fresh, lot_.waits(*message)});
    }
    MemoryParkingLot::memory(unit).at_commit({}, [this, here] { seen.insert(here.begin(), here.end()); });
    return admissions;
  }
  void admit_as_expected(uow::UnitOfWork& unit, std::span<const Expected> messages) override {
    std::set<std::string> here;
    bool is_so = true;
    for (const auto& [message, key_waits] : messages) is_so = is_so && here.insert(message->id).second && lot_.waits(*message) == key_waits;
    MemoryParkingLot::memory(unit).at_commit(
        [this, here, is_so]() -> errors::Result<> {
          if (is_so && std::ranges::none_of(here, [this](const auto& id) { return seen.contains(id); })) return {};
          return std::unexpected(not_as_expected());
        },
        [this, here] { seen.insert(here.begin(), here.end()); });
  }
  errors::Result<std::uint64_t> forget_before(clock::TimePoint, std::size_t) override { return 0; }

  std::set<std::string> seen;
  int round_trips = 0;  ///< of admit()

 private:
  const MemoryParkingLot& lot_;
};

}  // namespace pkg::messaging
