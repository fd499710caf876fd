#include "mallctl/audit/databases.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "pkg/config/env_file.hpp"
#include "pkg/postgres/transactor.hpp"

namespace mallctl::audit {
namespace {

using pkg::errors::ErrorKind;
using pkg::errors::Result;
using namespace std::chrono_literals;

std::string variable_of(const std::string& service) {
  std::string name;
  for (const char c : service) name += static_cast<char>(c - 'a' + 'A');
  return name + "_DATABASE_URL";
}

std::string from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

/// From what scripts/run wrote for the service.
std::string from_running_mall(const std::string& service) {
  const auto named = from_environment("MALL_DIR");
  const auto path = std::filesystem::path(named.empty() ? ".mall" : named) / "env" / (service + ".env");
  std::ifstream file(path);
  if (!file) return "";
  std::stringstream text;
  text << file.rdbuf();
  for (const auto& entry : pkg::config::parse_env_file(text.str()).entries) {
    if (entry.name == variable_of(service)) return entry.value;
  }
  return "";
}

pkg::postgres::PoolOptions pool_options(const std::string& url, std::string& last_fault) {
  pkg::postgres::PoolOptions options;
  options.connection.connection_string = url;
  options.connection.application_name = "mallctl";
  options.connection.statement_timeout = 120s;
  options.connection.idle_in_transaction_timeout = 120s;
  options.connection.read_only = true;
  options.max_connections = 1;
  options.log = [&last_fault](const pkg::postgres::Fault& fault, std::string_view) { last_fault = fault.message; };
  return options;
}

}  // namespace

const std::vector<std::string>& services() {
  static const std::vector<std::string> names{"users",    "stores", "baskets",       "ordering", "depot",
                                              "payments", "search", "notifications", "cosec"};
  return names;
}

std::map<std::string, std::string> find_databases(const std::map<std::string, std::string>& by_hand) {
  auto urls = by_hand;
  for (const auto& service : services()) {
    if (urls.contains(service)) continue;
    auto url = from_environment(variable_of(service));
    if (url.empty()) url = from_running_mall(service);
    if (!url.empty()) urls[service] = url;
  }
  return urls;
}

Result<> Databases::read(const std::string& service,
                         const std::function<Result<>(pkg::uow::UnitOfWork&, pkg::postgres::Transaction&)>& work) {
  const auto url = urls_.find(service);
  if (url == urls_.end()) {
    return pkg::errors::fail(ErrorKind::not_found, "no_database",
                             service + ": nobody says where its database is; give --database " + service + "=..., or set " +
                                 variable_of(service) + ", or MALL_DIR to the folder that a mall runs from");
  }
  auto& pool = pools_[service];
  if (!pool) pool = std::make_unique<pkg::postgres::Pool>(pool_options(url->second, last_fault_));
  last_fault_.clear();
  pkg::postgres::PgTransactor transactor(*pool);
  auto done = transactor.run({}, [&](pkg::uow::UnitOfWork& unit) -> Result<> {
    auto& transaction = pkg::postgres::transaction_of(unit);
    transaction.begin();
    return work(unit, transaction);
  });
  if (!done) done.error().detail = service + ": " + (last_fault_.empty() ? done.error().detail : last_fault_);
  return done;
}

}  // namespace mallctl::audit
