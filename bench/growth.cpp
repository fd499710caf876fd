#include "bench/growth.hpp"

#include <cmath>
#include <cstdio>
#include <thread>

#include "tests/mall/crowd.hpp"

namespace mall::bench {
namespace {

using namespace std::chrono_literals;

// The n-th copy of an id is the same wherever it stands, so what belongs together still does.
constexpr const char* make_functions =
    "create or replace function copy_id(id uuid, n bigint) returns uuid language sql immutable parallel safe"
    " as $$ select md5(id::text || n)::uuid $$;"
    "create or replace function copy_text(t text, n bigint) returns text language sql immutable parallel safe"
    " as $$ select case when length(t) = 36 and t ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then copy_id(t::uuid, n)::text else t end $$;";

// What is queued or says how far somebody has come is left as it is. Triggers and foreign keys would only do again what is copied as well.
const std::string copy_all =
    "set session_replication_role = replica;"
    "do $do$ declare t record; names text; copies text; begin"
    "  for t in select oid, relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not in"
    "    ('schema_migrations', 'outbox', 'outbox_dead', 'parked_messages', 'relay_state', 'messaging_leader', 'gateway_tasks', 'vocabulary', 'signing_keys', 'bots') loop"
    "    select string_agg(quote_ident(attname), ', ' order by attnum), string_agg(case atttypid"
    "      when 'uuid'::regtype then format('copy_id(%I, n)', attname)"
    "      when 'uuid[]'::regtype then format('array(select copy_id(u, n) from unnest(%I) u)', attname)"
    "      when 'text'::regtype then format('copy_text(%I, n)', attname)"
    "      else quote_ident(attname) end, ', ' order by attnum)"
    "    into names, copies from pg_attribute"
    "    where attrelid = t.oid and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = '';"
    "    execute format('insert into %I (%s) select %s from %I, generate_series(%s) n on conflict do nothing',"
    "      t.relname, names, copies, t.relname, ";

std::string count(const testing::RunningMall& mall, const std::string& service, const std::string& table) {
  return mall.database(service).sql("select count(*) from " + table);
}

}  // namespace

Size size_of(const testing::RunningMall& mall) {
  Size size;
  for (const auto* service : {"baskets", "ordering", "stores"}) size.events += std::stod(count(mall, service, "events"));
  size.products = std::stod(count(mall, "search", "products"));
  size.open_baskets = std::stod(count(mall, "baskets", "open_baskets"));
  size.orders = std::stod(count(mall, "ordering", "orders"));
  for (const auto& service : mall.running())
    size.mib += std::stod(mall.database(service).sql("select pg_database_size(current_database())")) / 1024 / 1024;
  return size;
}

void multiply(const testing::RunningMall& mall, int first, int copies) {
  const auto numbers = "'" + std::to_string(first) + ", " + std::to_string(first + copies - 1) + "'";
  const auto services = mall.running();
  testing::on_threads(2, services.size(), [&](std::size_t i) {
    const auto& database = mall.database(services[i]);
    database.sql(make_functions);
    database.sql(copy_all + numbers + "); end loop; end $do$");
    database.sql("vacuum analyze");
  });
}

std::vector<Grown> measure_growth(const testing::RunningMall& mall, const Crowd& crowd, Approvals& approvals, const Meter& meter,
                                  const std::vector<double>& sizes, int buyers, std::chrono::milliseconds window) {
  std::vector<Grown> all;
  int copied = 0;
  for (const double wanted : sizes) {
    wait_for_rest(approvals, 2s);
    const auto have = size_of(mall).events;
    if (const int copies = static_cast<int>(std::ceil(wanted / have)) - 1; copies > 0) {
      std::fprintf(stderr, "%.0f events, to become %.0f ...\n", have, wanted);
      multiply(mall, copied + 1, copies);
      copied += copies;
    }
    Grown grown{.size = size_of(mall), .idle = {}, .load = {}};
    grown.idle = idle_latency(crowd, approvals, buyers < 16 ? 10 : 100);
    grown.load = in_a_closed_loop(crowd, approvals, meter, buyers, window / 5, window);
    all.push_back(std::move(grown));
  }
  return all;
}

}  // namespace mall::bench
