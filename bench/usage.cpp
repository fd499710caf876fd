#include "bench/usage.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "bench/hops.hpp"
#include "bench/nats.hpp"
#include "bench/spread.hpp"
#include "tests/chaos/sql.hpp"
#include "tests/mall/crowd.hpp"

namespace mall::bench {
namespace {

using std::chrono::nanoseconds;

nanoseconds cpu_of_ended_children(pid_t process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(in, line);
  std::istringstream fields(line.substr(line.rfind(')') + 1));  // its name may have anything in it
  constexpr int before_those_of_children = 13;
  std::string other;
  for (int i = 0; i < before_those_of_children; ++i) fields >> other;
  std::int64_t user = 0, system = 0;
  fields >> user >> system;
  return nanoseconds(std::chrono::seconds(1)) * (user + system) / ::sysconf(_SC_CLK_TCK);
}

pid_t postmaster(const pkg::testing::PostgresServer& server) {
  pid_t pid = 0;
  std::ifstream(server.folder() + "/data/postmaster.pid") >> pid;
  return pid;
}

double stored_records(const std::string& url) {
  const auto connection = connect_nats(url);
  const auto jetstream = jetstream_of(connection);
  jsStreamInfo* info = nullptr;
  check(js_GetStreamInfo(&info, jetstream.get(), "mallbots", nullptr, nullptr), "the stream");
  const auto last = static_cast<double>(info->State.LastSeq);
  jsStreamInfo_Destroy(info);
  return last;
}

double published_messages(const testing::RunningMall& mall) {
  double messages = 0;
  for (const auto& service : mall.running()) messages += figure_in(read_metrics(mall, service), "mallbots_outbox_published");
  return messages;
}

}  // namespace

nanoseconds cpu_with_children(pid_t process) {
  auto total = testing::cpu_time_of(process) + cpu_of_ended_children(process);
  std::ifstream children("/proc/" + std::to_string(process) + "/task/" + std::to_string(process) + "/children");
  for (pid_t child = 0; children >> child;) total += testing::cpu_time_of(child);
  return total;
}

double Usage::mall_cpu_ms() const {
  double total = 0;
  for (const auto& [part, ms] : cpu_ms) total += part == "load" ? 0 : ms;
  return total;
}

Usage operator-(const Usage& after, const Usage& before) {
  Usage used{after.commits - before.commits,   after.flushes - before.flushes, after.wal_bytes - before.wal_bytes,
             after.messages - before.messages, after.records - before.records, {}};
  for (const auto& [part, ms] : after.cpu_ms) used.cpu_ms[part] = ms - before.cpu_ms.at(part);
  return used;
}

Usage operator+(const Usage& some, const Usage& more) {
  Usage both{some.commits + more.commits,   some.flushes + more.flushes, some.wal_bytes + more.wal_bytes,
             some.messages + more.messages, some.records + more.records, some.cpu_ms};
  for (const auto& [part, ms] : more.cpu_ms) both.cpu_ms[part] += ms;
  return both;
}

nanoseconds Meter::services_cpu() const {
  auto total = nanoseconds(0);
  for (const auto& service : mall_.running()) total += testing::cpu_time_of(mall_.process(service).pid());
  return total;
}

Usage Meter::read() const {
  Usage usage;
  const auto number = [&](const std::string& what) { return std::stod(chaos::run_sql(postgres_.connection_string(), "select " + what)); };
  usage.commits = number("pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
  usage.flushes = number("wal_sync from pg_stat_wal");
  usage.wal_bytes = number("pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')");
  usage.messages = published_messages(mall_);
  usage.records = stored_records(mall_.nats.url());
  usage.cpu_ms = {{"services", in_ms(services_cpu())},
                  {"postgres", in_ms(cpu_with_children(postmaster(postgres_)))},
                  {"nats", in_ms(testing::cpu_time_of(mall_.nats.pid()))},
                  {"nginx", in_ms(cpu_with_children(nginx_.process().pid()))},
                  {"load", in_ms(testing::cpu_time_of(::getpid()))}};
  return usage;
}

}  // namespace mall::bench
