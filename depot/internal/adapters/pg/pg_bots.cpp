#include "depot/internal/adapters/pg/pg_bots.hpp"

#include "depot/internal/adapters/pg/status_words.hpp"
#include "pkg/postgres/transactor.hpp"

namespace depot::adapters::pg {
namespace {

using domain::Bot;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::contended;
using pkg::postgres::Param;
using pkg::postgres::Params;
using pkg::postgres::RowStatement;
using pkg::postgres::transaction_of;
using pkg::uow::UnitOfWork;

const std::string select_bots = "SELECT bot_id, version, status, name, shopping_list_id, due_at, registered_at FROM bots";
constexpr std::string_view insert_bot =
    "INSERT INTO bots (bot_id, version, status, name, shopping_list_id, due_at, registered_at) VALUES ($1, 1, $2, $3, $4, $5, $6)";
const RowStatement update_bot(
    "bot_id uuid, version bigint, status text, shopping_list_id uuid, due_at timestamptz",
    "UPDATE bots SET version = bots.version + 1, status = given.status, shopping_list_id = given.shopping_list_id,"
    " due_at = given.due_at FROM $given WHERE bots.bot_id = given.bot_id AND bots.version = given.version");

Result<std::vector<Bot>> query(UnitOfWork& unit, const std::string& conditions, Params params) {
  const auto rows = transaction_of(unit).query(select_bots + conditions, std::move(params));
  if (!rows) return pass_on(rows);
  std::vector<Bot> bots;
  for (const auto row : *rows) {
    const auto status = bot_status_of(row.text(2));
    if (!status) return pass_on(status);
    Bot bot;
    bot.id = domain::BotId{row.uuid(0)};
    bot.version = static_cast<std::uint64_t>(row.int64(1));
    bot.status = *status;
    bot.name = row.text(3);
    if (const auto list = row.maybe_uuid(4)) bot.list = domain::ShoppingListId{*list};
    bot.due_at = row.maybe_time(5);
    bot.registered_at = row.time(6);
    bots.push_back(std::move(bot));
  }
  return bots;
}

}  // namespace

// The array stands in a sub-select so that the planner cannot count its elements: it would make a new plan each time.
Result<std::vector<Bot>> PgBots::load(UnitOfWork& unit, std::span<const domain::BotId> ids) {
  std::vector<pkg::ids::Uuid> wanted;
  for (const auto& id : ids) wanted.push_back(id.value());
  return query(unit, " WHERE bot_id = ANY((SELECT $1::uuid[])::uuid[])", {Param::array(wanted)});
}

Result<bool> PgBots::is_name_taken(UnitOfWork& unit, std::string_view name) {
  const auto rows = transaction_of(unit).query("SELECT 1 FROM bots WHERE name = $1", {name});
  if (!rows) return pass_on(rows);
  return !rows->empty();
}

void PgBots::save(UnitOfWork& unit, const Bot& bot) {
  auto& tx = transaction_of(unit);
  if (bot.version == 0) {
    auto unique = pkg::postgres::on_violation("bots_name_is_unique", contended()).violation("bots_pkey", contended());
    tx.execute(insert_bot, {bot.id, to_word(bot.status), bot.name, bot.list, bot.due_at, bot.registered_at}, std::move(unique));
    return;
  }
  tx.execute(update_bot, {bot.id, bot.version, to_word(bot.status), bot.list, bot.due_at}, pkg::postgres::expect_rows(1, contended()));
}

Result<pkg::paging::Slice<Bot>> PgBots::list(UnitOfWork& unit, const pkg::paging::Page& page) {
  Params params{page.size + 1};
  std::string conditions;
  if (!page.after.empty()) {
    const auto position = pkg::paging::read_time_and_id(page.after);
    if (!position) return pass_on(position);
    params.emplace_back(position->time);
    params.emplace_back(position->id);
    conditions = " WHERE (registered_at, bot_id) > ($2, $3)";
  }
  auto bots = query(unit, conditions + " ORDER BY registered_at, bot_id LIMIT $1", std::move(params));
  if (!bots) return pass_on(bots);
  return pkg::paging::cut(std::move(*bots), page.size,
                          [](const Bot& bot) { return pkg::paging::time_and_id(bot.registered_at, bot.id.value()); });
}

Result<std::vector<Bot>> PgBots::take_idle(UnitOfWork& unit, int limit) {
  return query(unit, " WHERE status = 'idle' LIMIT $1 FOR UPDATE SKIP LOCKED", {limit});
}

}  // namespace depot::adapters::pg
