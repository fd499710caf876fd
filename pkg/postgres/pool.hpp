#pragma once
// Connections to one database, opened when they are needed and shared by threads. Has no thread of its own, and sends no SQL of its
// own: an idle pool costs the server nothing.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/postgres/connection.hpp"
#include "pkg/postgres/expect.hpp"
#include "pkg/postgres/fault.hpp"
#include "pkg/postgres/group_commit.hpp"
#include "pkg/postgres/params.hpp"
#include "pkg/postgres/rows.hpp"
#include "pkg/postgres/shared_reads.hpp"

namespace pkg::postgres {

struct PoolOptions {
  ConnectionSettings connection;
  std::size_t max_connections = 4;
  std::size_t min_idle = 1;                            ///< so many are kept open however long nothing happens
  std::chrono::milliseconds acquire_timeout{5000};     ///< how long to wait for a free connection
  std::chrono::milliseconds idle_close_after{60'000};  ///< beyond min_idle; looked at when a connection comes back
  GroupCommit::Options together;                       ///< units that are ready at the same moment share a transaction
  SharedReads::Options shared_reads;  ///< questions outside of transactions that are asked at the same moment share a round trip
  FaultLog log = standard_error_log();
};

struct PoolStats {
  std::size_t open = 0;
  std::size_t idle = 0;
  std::size_t waiting = 0;  ///< threads that want a connection
  std::uint64_t opened = 0;  ///< connections made since the start
  std::uint64_t exchanges = 0;  ///< round trips since the start
  std::uint64_t together = 0;  ///< units since the start that were committed with others
  std::uint64_t groups = 0;  ///< in so many transactions
  std::uint64_t shared_reads = 0;  ///< questions since the start that went with others
};

class Pool;

/// A connection on loan. Goes back when it is destroyed; one that is broken or still in a transaction is thrown away.
class Lease {
 public:
  Lease(Lease&&) noexcept;
  Lease& operator=(Lease&&) = delete;
  ~Lease();

  Connection& operator*() const { return *connection_; }
  Connection* operator->() const { return connection_.get(); }

  /// One round trip; faults that are not expected reach the pool's log.
  Exchange exchange(std::span<const Command> commands);

 private:
  friend class Pool;
  Lease(Pool& pool, std::unique_ptr<Connection> connection);
  Pool* pool_;
  std::unique_ptr<Connection> connection_;
};

/// Safe to use from any thread. Outlives its leases and transactions.
class Pool {
 public:
  explicit Pool(PoolOptions options);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  /// One statement outside of any transaction, on any connection: for reads, and for single writes. Fails as the statement does, with
  /// `unavailable` where there is no connection; a write whose connection is lost may have happened.
  errors::Result<Rows> query(std::string_view sql, Params params = {}, const Expect& expect = {});

  /// Fails with `unavailable`: code "database_busy" where none is free in time, else "database_unavailable".
  errors::Result<Lease> acquire();

  PoolStats stats() const;
  GroupCommit& groups() { return groups_; }
  SharedReads& reads() { return reads_; }
  const PoolOptions& options() const { return options_; }
  void log(const Fault& fault, std::string_view sql) const;

 private:
  friend class Lease;
  struct Idle {
    std::unique_ptr<Connection> connection;
    std::chrono::steady_clock::time_point since;
  };

  errors::Result<Lease> open();
  void give_back(std::unique_ptr<Connection> connection);

  const PoolOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable freed_;
  std::deque<Idle> idle_;  // the most recently used at the back
  PoolStats stats_;
  GroupCommit groups_{*this, options_.together};
  SharedReads reads_{*this, options_.shared_reads};
};

}  // namespace pkg::postgres
