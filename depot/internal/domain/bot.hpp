#pragma once
// A bot: picks one shopping list at a time.
//
//   (none) --register--> idle --take--> active
//                         ^----free----'
//
// Invariants: it has a name of its own; it has a list, and a time when that is done, exactly while it is active. Which list goes to which
// bot is decided with the list (assign in shopping_list.hpp), because both change together.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "depot/internal/domain/bot_rejection.hpp"
#include "depot/internal/domain/ids.hpp"
#include "pkg/clock/clock.hpp"

namespace depot::domain {

constexpr std::size_t max_bot_name_size = 60;  ///< bytes

enum class BotStatus : std::uint8_t { none, idle, active };

struct Bot {
  BotId id;
  std::uint64_t version = 0;  ///< that of the stored state; 0 before it is stored. Decisions leave it alone.
  BotStatus status = BotStatus::none;
  std::string name;
  std::optional<ShoppingListId> list;           ///< what it picks
  std::optional<pkg::clock::TimePoint> due_at;  ///< when it has picked that, if it is a simulated robot
  pkg::clock::TimePoint registered_at;

  friend bool operator==(const Bot&, const Bot&) = default;
};

/// A name as it is kept: without white space around it.
std::string_view trimmed(std::string_view name);

/// `name_taken` tells whether another bot has the trimmed name. May reject with bot_name_blank, bot_name_too_long, bot_name_taken.
std::expected<Bot, BotRejected> register_bot(const BotId& id, std::string_view name, bool name_taken, pkg::clock::TimePoint now);

/// The bot once it does not pick that list any more; the same bot where it does not.
Bot free_of(Bot bot, const ShoppingListId& list);

}  // namespace depot::domain
