#pragma once
// A real PostgreSQL for tests. Where the environment variable MALL_TEST_POSTGRES names a server (a libpq connection string of a
// superuser), databases are made there; else a private cluster is started in a temporary folder and reached over a Unix socket.

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/testing/postgres_cluster.hpp"

namespace pkg::testing {

class PostgresServer {
 public:
  /// The server that all tests of one executable share; private clusters start at the first call and stop with the process, also
  /// when it is killed. Call it first on the main thread: the cluster ends with the thread that started it.
  static PostgresServer& shared();

  /// A cluster of one's own, for tests that stop it.
  static std::unique_ptr<PostgresServer> start_private(Durability durability = Durability::of_processes);
  /// The same, with every database on a disk of so many bytes (an empty one takes eight million), its log of changes elsewhere: a database
  /// that can get full. It is empty again after stop(), so that is not called. Before the process starts threads. Nothing where this
  /// machine does not let us mount.
  static std::unique_ptr<PostgresServer> start_on_a_small_disk(std::size_t bytes);

  virtual ~PostgresServer() = default;

  /// For a database on this server; a superuser's.
  virtual std::string connection_string(std::string_view database = "postgres") const = 0;

  /// Ends the server at once, as a crash would; what was committed is there again after start(). Private servers only: on a shared one
  /// it stops the process.
  virtual void stop() = 0;
  /// The same by SIGKILL for every process of the server.
  virtual void kill() = 0;
  virtual void start() = 0;
  /// What it wrote; private servers only, else nothing.
  virtual std::string log() const = 0;
  /// Where its socket and its files are; private servers only, else empty.
  virtual std::string folder() const = 0;
  void restart() {
    stop();
    start();
  }

 protected:
  /// Databases that no test uses now.
  std::vector<std::string> spare_databases();

 private:
  friend class TestDatabase;
  std::mutex mutex_;
  std::vector<std::string> spare_;
};

/// A database of a test's own, empty at first. (It is emptied and used again by the next test, because making one takes a few hundred
/// milliseconds.)
class TestDatabase {
 public:
  explicit TestDatabase(PostgresServer& server = PostgresServer::shared());
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase();

  const std::string& name() const { return name_; }
  std::string connection_string() const { return server_.connection_string(name_); }

  /// Runs statements, several if they are separated by semicolons, and gives the first column of the last one's first row (empty
  /// where there is none). On a connection of its own that may write though the database be set to read-only; a failure stops the process
  /// with the server's words.
  std::string sql(std::string_view statements) const;

  /// Ends every session in this database, as an administrator or a fail-over would, and waits until they are gone.
  void terminate_backends() const;

 private:
  PostgresServer& server_;
  std::string name_;
};

}  // namespace pkg::testing
