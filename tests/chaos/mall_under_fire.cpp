#include "tests/chaos/mall_under_fire.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "pkg/testing/poll.hpp"
#include "pkg/testing/ports.hpp"
#include "tests/chaos/http.hpp"
#include "tests/chaos/sql.hpp"

namespace mall::chaos {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// This program and the mall's are built beside each other.
fs::path binary(const std::string& name) { return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" / name; }

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  return text;
}

std::string local(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

/// What a sanitizer had to say, which a program that is killed later does not say by its status.
std::vector<std::string> reports_of_sanitizers(const std::string& service, const fs::path& log) {
  std::vector<std::string> reports;
  std::ifstream in(log);
  for (std::string line; std::getline(in, line);) {
    if (line.contains("Sanitizer: ") || line.contains("runtime error: ")) reports.push_back(service + " wrote: " + line);
  }
  return reports;
}

}  // namespace

const std::vector<std::string>& MallUnderFire::service_names() {
  static const std::vector<std::string> names{"users",    "stores", "baskets",       "ordering", "depot",
                                              "payments", "search", "notifications", "cosec"};
  return names;
}

MallUnderFire::MallUnderFire(fs::path folder, const Environment& more)
    : folder_(std::move(folder)), postgres_(pkg::testing::PostgresServer::start_private(pkg::testing::Durability::of_machines)) {
  for (const auto& service : service_names()) {
    run_sql(postgres_->connection_string(), "create database " + service);
    http_ports_[service] = pkg::testing::free_port();
    grpc_ports_[service] = pkg::testing::free_port();
  }
  make_routes();
  fs::create_directories(folder_ / "log");
  for (const auto& service : service_names()) {
    auto values = environment();
    if (more) values.merge(more(service));
    services_[service] =
        std::make_unique<pkg::testing::Process>(pkg::testing::Process::Command{.words = {binary(service).string()},
                                                                               .environment = std::move(values),
                                                                               .folder = folder_,
                                                                               .log = folder_ / "log" / (service + ".log")});
    services_[service]->start();
  }
  if (const auto late = await_ready(60s); !late.empty()) throw std::runtime_error("not ready after a minute: " + late.front());
}

MallUnderFire::~MallUnderFire() {
  for (auto& [name, process] : services_) process->kill();
}

void MallUnderFire::make_routes() {
  const auto postgres = postgres_->folder() + "/.s.PGSQL.5432";
  for (const auto& service : service_names()) {
    http_routes_[service] = routes_["client-" + service] = proxy_.route_to(http_ports_[service]);
    routes_[service + "-postgres"] = proxy_.route_to(postgres);
    routes_[service + "-nats"] = proxy_.route_to(static_cast<std::uint16_t>(nats_.port()));
  }
  // What services ask each other: places and products of stores, keys of users.
  for (const auto* service : {"baskets", "depot"}) routes_[std::string(service) + "-stores"] = proxy_.route_to(grpc_ports_["stores"]);
  routes_["all-users"] = proxy_.route_to(http_ports_["users"]);
}

std::map<std::string, std::string> MallUnderFire::environment() const {
  std::map<std::string, std::string> values{{"SERVICE_SECRET", "a secret among services"},
                                            {"JWKS_URL", "http://" + local(routes_.at("all-users")) + "/api/v1/jwks"},
                                            {"USERS_OPERATOR_USERNAME", operator_name},
                                            {"USERS_OPERATOR_EMAIL", "operator@example.org"},
                                            {"USERS_OPERATOR_PASSWORD", operator_password},
                                            {"DEPOT_PICK_TIME_PER_ITEM", "1ms"},
                                            {"DEPOT_INITIAL_BOTS", "20"}};
  for (const auto& service : service_names()) {
    const auto prefix = upper(service);
    values[prefix + "_DATABASE_URL"] =
        "host=127.0.0.1 port=" + std::to_string(routes_.at(service + "-postgres")) + " user=postgres dbname=" + service;
    values[prefix + "_NATS_URL"] = "nats://" + local(routes_.at(service + "-nats"));
    values[prefix + "_HTTP_PORT"] = std::to_string(http_ports_.at(service));
    values[prefix + "_GRPC_PORT"] = std::to_string(grpc_ports_.at(service));
  }
  for (const auto* service : {"baskets", "depot"})
    values[upper(service) + "_STORES_GRPC_ADDRESS"] = local(routes_.at(std::string(service) + "-stores"));
  return values;
}

std::vector<std::string> MallUnderFire::routes() const {
  std::vector<std::string> names;
  for (const auto& [name, port] : routes_) names.push_back(name);
  return names;
}

std::map<std::string, std::string> MallUnderFire::databases() const {
  std::map<std::string, std::string> all;
  for (const auto& service : service_names()) all[service] = postgres_->connection_string(service);
  return all;
}

void MallUnderFire::kill_service(const std::string& service) {
  service_at(service).kill();
  service_at(service).start();
}

std::optional<int> MallUnderFire::ended(const std::string& service) {
  auto& process = service_at(service);
  if (process.is_running()) return std::nullopt;
  return process.stop().value_or(-1);
}

void MallUnderFire::end_session(const std::string& service, std::uint32_t number) {
  run_sql(postgres_->connection_string(),
          "select pg_terminate_backend(pid) from (select array_agg(pid order by pid) as pids from "
          "pg_stat_activity where datname = '" +
              service + "') s, lateral (select pids[1 + " + std::to_string(number) +
              " % cardinality(pids)] as pid) p where cardinality(pids) > 0");
}

void MallUnderFire::kill_postgres() {
  postgres_->kill();
  postgres_->start();
}

void MallUnderFire::kill_nats() {
  nats_.kill();
  nats_.start();
}

void MallUnderFire::wipe_nats() {
  nats_.kill();
  nats_.wipe();
  nats_.start();
}

void MallUnderFire::cut(const std::string& route, bool for_long) {
  if (for_long)
    proxy_.block(routes_.at(route));
  else
    proxy_.cut(routes_.at(route));
}

void MallUnderFire::mend(const std::string& route) {
  proxy_.unblock(routes_.at(route));
  proxy_.delay(routes_.at(route), 0ms);
}

std::vector<std::string> MallUnderFire::ended_by_themselves() {
  std::vector<std::string> ended;
  for (auto& [name, process] : services_) {
    if (process->is_running()) continue;
    ended.push_back(name + " ended by itself with status " + std::to_string(process->stop().value_or(-1)) + "; the end of its log:\n" +
                    process->log(2000));
    process->start();
  }
  return ended;
}

bool MallUnderFire::is_ready(const std::string& service) const {
  return Http(http_ports_.at(service)).ask("GET", "/readiness", {}, {}, 2s).status == 200;
}

std::vector<std::string> MallUnderFire::await_ready(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::vector<std::string> late;
  for (const auto& service : service_names()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (!pkg::testing::poll_until([&] { return is_ready(service); }, left))
      late.push_back(service + " is not ready; the end of its log:\n" + service_at(service).log(2000));
  }
  return late;
}

std::vector<std::string> MallUnderFire::stop() {
  std::vector<std::string> complaints;
  for (auto& [name, process] : services_) {
    process->resume();
    const auto status = process->stop(30s);
    if (!status || *status != 0)
      complaints.push_back(name + (status ? " ended with status " + std::to_string(*status) : std::string(" did not end in 30 s")) +
                           "; the end of its log:\n" + process->log(2000));
    process->kill();
    std::ranges::move(reports_of_sanitizers(name, folder_ / "log" / (name + ".log")), std::back_inserter(complaints));
  }
  nats_.stop();
  postgres_->stop();
  return complaints;
}

void MallUnderFire::keep_everything() {
  std::error_code ignored;
  fs::copy(fs::path(postgres_->folder()) / "log", folder_ / "log" / "postgres.log", ignored);
  fs::copy(fs::path(nats_.folder()) / "log", folder_ / "log" / "nats.log", ignored);
  fs::rename(fs::path(nats_.folder()) / "storage", folder_ / "nats-storage", ignored);
  fs::rename(fs::path(postgres_->folder()) / "data", folder_ / "postgres-data", ignored);
}

}  // namespace mall::chaos
