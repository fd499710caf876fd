// The rules of a bot.

#include "depot/internal/domain/bot.hpp"

#include <gtest/gtest.h>

#include <set>

#include "pkg/ids/id_sources.hpp"

namespace depot::domain {
namespace {

using R = BotRejection;

constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
const BotId bob{pkg::ids::CountingIds::nth(1)};
const ShoppingListId list{pkg::ids::CountingIds::nth(2)};

R rejection_of(const std::expected<Bot, BotRejected>& decision) {
  if (decision) {
    ADD_FAILURE() << "accepted";
    return R{};
  }
  EXPECT_FALSE(decision.error().detail.empty());
  return decision.error().reason;
}

TEST(RegisterBot, MakesAnIdleBotWithATrimmedName) {
  const auto bot = register_bot(bob, "  Bob \n", false, t0);
  ASSERT_TRUE(bot);
  EXPECT_EQ(bot->id, bob);
  EXPECT_EQ(bot->name, "Bob");
  EXPECT_EQ(bot->status, BotStatus::idle);
  EXPECT_EQ(bot->registered_at, t0);
  EXPECT_FALSE(bot->list);
}

TEST(RegisterBot, NeedsANameThatIsNotBlank) {
  EXPECT_EQ(rejection_of(register_bot(bob, "", false, t0)), R::bot_name_blank);
  EXPECT_EQ(rejection_of(register_bot(bob, " \t\n", false, t0)), R::bot_name_blank);
}

TEST(RegisterBot, NeedsANameThatFitsAndIsNotTaken) {
  EXPECT_TRUE(register_bot(bob, std::string(60, 'b'), false, t0));
  EXPECT_EQ(rejection_of(register_bot(bob, std::string(61, 'b'), true, t0)), R::bot_name_too_long);
  EXPECT_EQ(rejection_of(register_bot(bob, "Bob", true, t0)), R::bot_name_taken);
}

TEST(FreeABot, OnlyFromTheListThatItPicks) {
  Bot bot = *register_bot(bob, "Bob", false, t0);
  bot.status = BotStatus::active;
  bot.list = list;
  bot.due_at = t0;
  EXPECT_EQ(free_of(bot, ShoppingListId{pkg::ids::CountingIds::nth(9)}), bot);
  const auto freed = free_of(bot, list);
  EXPECT_EQ(freed.status, BotStatus::idle);
  EXPECT_FALSE(freed.list);
  EXPECT_FALSE(freed.due_at);
}

TEST(BotRejections, EachHasACodeOfItsOwnAndNamesTheField) {
  std::set<std::string> codes;
  for (const auto reason : {R::bot_name_blank, R::bot_name_too_long, R::bot_name_taken}) {
    const auto error = to_error({reason, "because"});
    EXPECT_EQ(error.field, "name");
    EXPECT_TRUE(codes.insert(error.code).second) << error.code;
  }
  EXPECT_EQ(to_error({R::bot_name_taken, "x"}).kind, pkg::errors::ErrorKind::conflict);
}

}  // namespace
}  // namespace depot::domain
