#include "pkg/es_pg/all_streams.hpp"

#include "pkg/postgres/transactor.hpp"

namespace pkg::es_pg {

errors::Result<> for_each_event(uow::UnitOfWork& unit, std::string_view kind, const std::function<void(const StreamEvent&)>& show) {
  constexpr std::size_t page = 5000;
  ids::Uuid last_id;
  std::int64_t last_version = 0;
  for (std::size_t seen = page; seen == page;) {
    const auto rows = postgres::transaction_of(unit).query(
        "select aggregate_id, version, occurred_at, type, type_version, payload from events"
        " where aggregate_kind = $1 and (aggregate_id, version) > ($2, $3) order by aggregate_id, version limit $4",
        {kind, last_id, last_version, page});
    if (!rows) return errors::pass_on(rows);
    for (const auto row : *rows) {
      last_id = row.uuid(0);
      last_version = row.int64(1);
      show({last_id,
            static_cast<es::Version>(last_version),
            row.time(2),
            {std::string(row.text(3)), static_cast<int>(row.int64(4)), std::string(row.bytes(5))}});
    }
    seen = rows->size();
  }
  return {};
}

}  // namespace pkg::es_pg
