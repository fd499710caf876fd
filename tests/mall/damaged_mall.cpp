#include <gtest/gtest.h>

#include "pkg/postgres/pool.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "tests/mall/damages.hpp"

namespace mall::testing {
namespace {

std::string filled_in(std::string text, const Things& things) {
  for (const auto& [name, value] : things) {
    const auto hole = "{" + name + "}";
    for (std::size_t at = 0; (at = text.find(hole)) != std::string::npos;) text.replace(at, hole.size(), value);
  }
  return text;
}

/// Gives the first column of the first row, where there is one.
std::string run(const std::string& url, const std::string& sql) {
  pkg::postgres::PoolOptions options;
  options.connection.connection_string = url;
  options.max_connections = 1;
  pkg::postgres::Pool pool(options);
  const auto rows = pool.query(sql);
  EXPECT_TRUE(rows) << sql;
  if (!rows) return "";
  EXPECT_TRUE(rows->affected() > 0 || sql.starts_with("ALTER")) << "this damages nothing: " << sql;
  return rows->empty() ? "" : std::string((*rows)[0].text(0));
}

}  // namespace

DamagedMall::DamagedMall(const RunningMall& mall, const Things& things, const Damage& damage)
    : mall_(mall), databases_(databases_of(mall)), name_(filled_in(damage.names, things)) {
  auto& server = pkg::testing::PostgresServer::shared();
  std::string last;
  for (const auto& [service, sql] : damage.statements) {
    const auto copy = mall.database(service).name() + "_damaged";
    if (std::ranges::find(copies_, copy) == copies_.end()) {
      // From another database: one that is connected to cannot be copied.
      mall.database(service == "users" ? "stores" : "users").sql("create database " + copy + " template " + mall.database(service).name());
      copies_.push_back(copy);
      databases_[service] = server.connection_string(copy);
    }
    last = run(databases_[service], filled_in(sql, things));
  }
  if (name_.empty()) name_ = last;
}

DamagedMall::~DamagedMall() {
  for (const auto& copy : copies_) mall_.database("users").sql("drop database " + copy + " with (force)");
}

}  // namespace mall::testing
