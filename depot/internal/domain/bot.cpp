#include "depot/internal/domain/bot.hpp"

namespace depot::domain {

std::string_view trimmed(std::string_view name) {
  constexpr std::string_view white = " \t\r\n\f\v";
  const auto first = name.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  return name.substr(first, name.find_last_not_of(white) - first + 1);
}

std::expected<Bot, BotRejected> register_bot(const BotId& id, std::string_view name, bool name_taken, pkg::clock::TimePoint now) {
  const auto kept = trimmed(name);
  if (kept.empty()) return std::unexpected(BotRejected{BotRejection::bot_name_blank, "A bot has a name."});
  if (kept.size() > max_bot_name_size) {
    return std::unexpected(
        BotRejected{BotRejection::bot_name_too_long, "A bot's name has at most " + std::to_string(max_bot_name_size) + " bytes."});
  }
  if (name_taken) return std::unexpected(BotRejected{BotRejection::bot_name_taken, "There is a bot of this name already."});
  Bot bot;
  bot.id = id;
  bot.status = BotStatus::idle;
  bot.name = kept;
  bot.registered_at = now;
  return bot;
}

Bot free_of(Bot bot, const ShoppingListId& list) {
  if (bot.list != list) return bot;
  bot.status = BotStatus::idle;
  bot.list.reset();
  bot.due_at.reset();
  return bot;
}

}  // namespace depot::domain
