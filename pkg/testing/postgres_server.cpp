#include "pkg/testing/postgres_server.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

namespace pkg::testing {
namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "PostgreSQL for tests: %s\n", why.c_str());
  std::abort();
}

struct Answer {
  std::string first_value;
  std::string complaint;  ///< empty where all went well
};

Answer try_run(const std::string& connection_string, const std::string& statements) {
  const Connection connection(PQconnectdb(connection_string.c_str()), &PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) return {{}, PQerrorMessage(connection.get())};
  PQsetNoticeReceiver(connection.get(), [](void*, const PGresult*) {}, nullptr);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), statements.c_str()), &PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
    return {{}, statements + ": " + PQerrorMessage(connection.get())};
  }
  if (PQntuples(result.get()) == 0 || PQnfields(result.get()) == 0) return {};
  return {PQgetvalue(result.get(), 0, 0), {}};
}

std::string run(const std::string& connection_string, const std::string& statements) {
  Answer answer = try_run(connection_string, statements);
  if (!answer.complaint.empty()) give_up(answer.complaint);
  return std::move(answer.first_value);
}

/// Ends the sessions in a database, and waits (milliseconds) until they are gone.
std::string end_sessions(const std::string& database) {
  return "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '" + database + "'";
}

constexpr const char* empty_database = R"(
  do $$ declare each text; begin
    for each in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
      execute format('drop schema %I cascade', each);
    end loop;
  end $$;
  create schema public;)";

class SharedServer final : public PostgresServer {
 public:
  explicit SharedServer(std::string superuser) : superuser_(std::move(superuser)) {
    // Connects now, so that OpenSSL, which libpq uses, is still there when the destructor connects at the process's exit: what was set up
    // first is taken down last.
    run(connection_string("postgres"), "select 1");
  }
  ~SharedServer() override {
    for (const auto& name : spare_databases()) try_run(connection_string("postgres"), "drop database if exists " + name + " with (force)");
  }
  /// A later keyword wins over an earlier one.
  std::string connection_string(std::string_view database) const override { return superuser_ + " dbname=" + std::string(database); }
  void stop() override { give_up("a shared server is not stopped"); }
  void kill() override { give_up("a shared server is not killed"); }
  void start() override { give_up("a shared server is not started"); }
  std::string log() const override { return {}; }
  std::string folder() const override { return {}; }

 private:
  std::string superuser_;
};

class PrivateServer final : public PostgresServer {
 public:
  explicit PrivateServer(Durability durability, std::size_t small_disk = 0) : cluster_(durability, small_disk) {}
  const PostgresCluster& cluster() const { return cluster_; }
  bool try_to_start() {
    cluster_.start();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (PQping(connection_string("postgres").c_str()) != PQPING_OK) {
      if (!cluster_.is_running()) return false;
      if (std::chrono::steady_clock::now() > deadline) give_up("the server does not answer; its log:\n" + cluster_.log());
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return true;
  }

  std::string connection_string(std::string_view database) const override {
    return "host=" + cluster_.socket_folder() + " user=postgres dbname=" + std::string(database);
  }
  void stop() override { cluster_.stop(); }
  void kill() override { cluster_.kill(); }
  std::string log() const override { return cluster_.log(); }
  std::string folder() const override { return cluster_.socket_folder(); }
  void start() override {
    if (!try_to_start()) give_up("the server ended at its start; its log:\n" + cluster_.log());
  }

 private:
  PostgresCluster cluster_;
};

std::string unique_name() {
  static std::atomic<int> made = 0;
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  return "test_" + std::to_string(getpid()) + "_" + std::to_string(now % 1'000'000'000) + "_" + std::to_string(++made);
}

}  // namespace

PostgresServer& PostgresServer::shared() {
  // One per process is what makes a run of many small tests quick; nothing but tests links this.
  static const std::unique_ptr<PostgresServer> server = []() -> std::unique_ptr<PostgresServer> {
    const char* superuser = std::getenv("MALL_TEST_POSTGRES");
    if (superuser != nullptr && *superuser != '\0') return std::make_unique<SharedServer>(superuser);
    return start_private();
  }();
  return *server;
}

std::unique_ptr<PostgresServer> PostgresServer::start_private(Durability durability) {
  auto server = std::make_unique<PrivateServer>(durability);
  server->start();
  return server;
}

std::unique_ptr<PostgresServer> PostgresServer::start_on_a_small_disk(std::size_t bytes) {
  auto server = std::make_unique<PrivateServer>(Durability::of_processes, bytes);
  if (!server->try_to_start()) return nullptr;
  const auto postgres = server->connection_string("postgres");
  run(postgres, "create tablespace small location '" + server->cluster().small_folder() + "'");
  run(postgres, "alter database template1 set tablespace small");  // which new ones are copies of
  return server;
}

std::vector<std::string> PostgresServer::spare_databases() {
  const std::scoped_lock lock(mutex_);
  return spare_;
}

TestDatabase::TestDatabase(PostgresServer& server) : server_(server) {
  {
    const std::scoped_lock lock(server_.mutex_);
    if (!server_.spare_.empty()) {
      name_ = std::move(server_.spare_.back());
      server_.spare_.pop_back();
      return;
    }
  }
  name_ = unique_name();
  run(server_.connection_string("postgres"), "create database " + name_);
}

TestDatabase::~TestDatabase() {
  const auto fine = [](const Answer& answer) { return answer.complaint.empty(); };
  // One that cannot be emptied, for its server was stopped, is left behind.
  if (!fine(try_run(server_.connection_string("postgres"), end_sessions(name_) + "; alter database " + name_ + " reset all"))) return;
  if (!fine(try_run(connection_string(), empty_database))) return;
  const std::scoped_lock lock(server_.mutex_);
  server_.spare_.push_back(name_);
}

std::string TestDatabase::sql(std::string_view statements) const {
  return run(connection_string() + " options='-c default_transaction_read_only=off'", std::string(statements));
}

void TestDatabase::terminate_backends() const { run(server_.connection_string("postgres"), end_sessions(name_)); }

}  // namespace pkg::testing
