#include "depot/internal/adapters/pg/pg_shopping_lists.hpp"

#include "depot/internal/adapters/pg/status_words.hpp"
#include "depot/internal/adapters/pg/stops_codec.hpp"
#include "pkg/postgres/transactor.hpp"

namespace depot::adapters::pg {
namespace {

using domain::ShoppingList;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::contended;
using pkg::postgres::Param;
using pkg::postgres::Params;
using pkg::postgres::Row;
using pkg::postgres::RowStatement;
using pkg::postgres::transaction_of;
using pkg::uow::UnitOfWork;

const std::string select_lists =
    "SELECT shopping_list_id, version, order_id, status, stops, bot_id, created_at, due_at FROM shopping_lists";
const RowStatement insert_list(
    "shopping_list_id uuid, order_id uuid, status text, stops bytea, bot_id uuid, created_at timestamptz, due_at timestamptz",
    "INSERT INTO shopping_lists (shopping_list_id, version, order_id, status, stops, bot_id, created_at, due_at)"
    " SELECT shopping_list_id, 1, order_id, status, stops, bot_id, created_at, due_at FROM $given");
// Only what changes once it is made.
const RowStatement update_list(
    "shopping_list_id uuid, version bigint, status text, bot_id uuid, due_at timestamptz",
    "UPDATE shopping_lists list SET version = list.version + 1, status = given.status, bot_id = given.bot_id, due_at = given.due_at"
    " FROM $given WHERE list.shopping_list_id = given.shopping_list_id AND list.version = given.version");

Result<ShoppingList> read_list(const Row& row) {
  const auto status = list_status_of(row.text(3));
  if (!status) return pass_on(status);
  auto stops = decode_stops(row.bytes(4));
  if (!stops) return pass_on(stops);
  ShoppingList list;
  list.id = domain::ShoppingListId{row.uuid(0)};
  list.version = static_cast<std::uint64_t>(row.int64(1));
  list.order = domain::OrderId{row.uuid(2)};
  list.status = *status;
  list.stops = std::move(*stops);
  if (const auto bot = row.maybe_uuid(5)) list.bot = domain::BotId{*bot};
  list.created_at = row.time(6);
  list.due_at = row.maybe_time(7);
  return list;
}

Result<std::vector<ShoppingList>> read_lists(UnitOfWork& unit, const std::string& statement, Params params) {
  const auto rows = transaction_of(unit).query(statement, std::move(params));
  if (!rows) return pass_on(rows);
  std::vector<ShoppingList> lists;
  for (const auto row : *rows) {
    auto list = read_list(row);
    if (!list) return pass_on(list);
    lists.push_back(std::move(*list));
  }
  return lists;
}

Result<std::vector<ShoppingList>> query(UnitOfWork& unit, const std::string& conditions, Params params) {
  return read_lists(unit, select_lists + conditions, std::move(params));
}

Result<ShoppingList> one(Result<std::vector<ShoppingList>> lists) {
  if (!lists) return pass_on(lists);
  if (lists->empty()) return ShoppingList{};
  return std::move(lists->front());
}

/// Where to look for what is asked for: open lists are in one index, those that ended in another, by how they did.
std::vector<std::string> parts_of(const app::ListFilter& filter) {
  using Status = domain::ShoppingListStatus;
  const auto ended = [](Status how) { return "ended = '" + std::string(to_word(how)) + "'"; };
  if (filter.order) return {"true"};  // it has one list, by an index of its own
  if (!filter.status) return {"ended IS NULL", ended(Status::completed), ended(Status::canceled)};
  if (*filter.status == Status::completed || *filter.status == Status::canceled) return {ended(*filter.status)};
  return {"ended IS NULL"};
}

/// The first $1 lists of these parts together. Each is read in the order of its index, and no further than the page goes.
std::string newest(const std::vector<std::string>& parts, const std::string& conditions) {
  const std::string order = " ORDER BY created_at DESC, shopping_list_id DESC LIMIT $1";
  std::string statement;
  for (const auto& part : parts) {
    const auto lists = select_lists + " WHERE " + part + conditions + order;
    if (parts.size() == 1) return lists;
    statement += (statement.empty() ? "(" : " UNION ALL (") + lists + ")";
  }
  return statement + order;
}

}  // namespace

Result<ShoppingList> PgShoppingLists::load(UnitOfWork& unit, const domain::ShoppingListId& id) {
  return one(query(unit, " WHERE shopping_list_id = $1", {id}));
}

Result<ShoppingList> PgShoppingLists::load_of(UnitOfWork& unit, const domain::OrderId& order) {
  return one(query(unit, " WHERE order_id = $1", {order}));
}

std::optional<ShoppingList> PgShoppingLists::remembered_of(UnitOfWork& unit, const domain::OrderId& order) {
  return recent_.find(unit, order);
}

std::optional<ShoppingList> PgShoppingLists::assumed_of(UnitOfWork& unit, const domain::OrderId& order) {
  if (auto known = recent_.find(unit, order)) return known;
  if (!recent_.is_in_doubt(order)) return ShoppingList{};
  recent_.settle_doubt(order);
  return std::nullopt;
}

void PgShoppingLists::save(UnitOfWork& unit, const ShoppingList& list) {
  ShoppingList stored = list;
  ++stored.version;
  recent_.write(unit, list.order, std::move(stored));
  auto& tx = transaction_of(unit);
  if (list.version == 0) {
    auto unique = pkg::postgres::on_violation("shopping_lists_one_per_order", contended()).violation("shopping_lists_pkey", contended());
    tx.execute(insert_list,
               {list.id, list.order, to_word(list.status), Param::bytea(encode_stops(list.stops)), list.bot, list.created_at, list.due_at},
               std::move(unique));
    return;
  }
  tx.execute(update_list, {list.id, list.version, to_word(list.status), list.bot, list.due_at}, pkg::postgres::expect_rows(1, contended()));
}

Result<pkg::paging::Slice<ShoppingList>> PgShoppingLists::list(UnitOfWork& unit, const app::ListFilter& filter,
                                                               const pkg::paging::Page& page) {
  // A condition stands there only where it is used, so that each shape of the question has its own plan.
  Params params{page.size + 1};
  const auto add = [&](Param param) {
    params.push_back(std::move(param));
    return "$" + std::to_string(params.size());
  };
  std::string conditions;
  if (!page.after.empty()) {
    const auto position = pkg::paging::read_time_and_id(page.after);
    if (!position) return pass_on(position);
    const auto time = add(position->time);
    conditions += " AND (created_at, shopping_list_id) < (" + time + ", " + add(position->id) + ")";
  }
  if (filter.order) conditions += " AND order_id = " + add(*filter.order);
  if (filter.status) conditions += " AND status = " + add(to_word(*filter.status));
  auto lists = read_lists(unit, newest(parts_of(filter), conditions), std::move(params));
  if (!lists) return pass_on(lists);
  return pkg::paging::cut(std::move(*lists), page.size,
                          [](const ShoppingList& list) { return pkg::paging::time_and_id(list.created_at, list.id.value()); });
}

Result<std::vector<ShoppingList>> PgShoppingLists::take_available(UnitOfWork& unit, int limit) {
  // Those that bots have are in front, and passed over. Entries of lists that ended stay there until the next vacuum: a scan in the index'
  // order marks them as it meets them, a bitmap goes through all of them each time.
  transaction_of(unit).execute("SET LOCAL enable_bitmapscan = off");
  return query(unit, " WHERE ended IS NULL AND status = 'available' ORDER BY created_at, shopping_list_id LIMIT $1 FOR UPDATE SKIP LOCKED",
               {limit});
}

Result<std::vector<ShoppingList>> PgShoppingLists::take_due(UnitOfWork& unit, pkg::clock::TimePoint now, int limit) {
  // An assigned list is that of a bot, always: both are written together.
  return query(unit,
               " WHERE shopping_list_id = ANY (ARRAY(SELECT bots.shopping_list_id FROM bots WHERE bots.shopping_list_id IS NOT NULL"
               "  AND (bots.due_at <= $1 OR bots.due_at IS NULL)))"
               " AND status = 'assigned' AND due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED",
               {now, limit});
}

Result<std::optional<pkg::clock::TimePoint>> PgShoppingLists::next_due(UnitOfWork& unit) {
  // What a bot says has passed is asked of its list, so that nobody is woken again and again for a list that is not due.
  const auto rows = transaction_of(unit).query(
      "SELECT min(CASE WHEN bots.due_at > now() THEN bots.due_at ELSE (SELECT list.due_at FROM shopping_lists list"
      "  WHERE list.shopping_list_id = bots.shopping_list_id AND list.status = 'assigned') END)"
      " FROM bots WHERE bots.shopping_list_id IS NOT NULL");
  if (!rows) return pass_on(rows);
  return (*rows)[0].maybe_time(0);
}

}  // namespace depot::adapters::pg
