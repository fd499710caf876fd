#include "pkg/postgres/pool.hpp"

#include <utility>
#include <vector>

#include "pkg/postgres/statement.hpp"

namespace pkg::postgres {

using errors::ErrorKind;
using Clock = std::chrono::steady_clock;

Lease::Lease(Pool& pool, std::unique_ptr<Connection> connection) : pool_(&pool), connection_(std::move(connection)) {}
Lease::Lease(Lease&&) noexcept = default;
Lease::~Lease() {
  if (connection_) pool_->give_back(std::move(connection_));
}

Exchange Lease::exchange(std::span<const Command> commands) {
  {
    const std::scoped_lock lock(pool_->mutex_);
    ++pool_->stats_.exchanges;
  }
  return connection_->exchange(commands);
}

Pool::Pool(PoolOptions options) : options_(std::move(options)) {}
Pool::~Pool() = default;

void Pool::log(const Fault& fault, std::string_view sql) const {
  if (options_.log) options_.log(fault, sql);
}

PoolStats Pool::stats() const {
  const std::scoped_lock lock(mutex_);
  PoolStats now = stats_;
  now.idle = idle_.size();
  const auto groups = groups_.figures();
  now.together = groups.members;
  now.groups = groups.groups;
  now.shared_reads = reads_.figures().members;
  return now;
}

errors::Result<Lease> Pool::acquire() {
  const auto deadline = Clock::now() + options_.acquire_timeout;
  std::unique_lock lock(mutex_);
  while (true) {
    while (!idle_.empty()) {
      auto connection = std::move(idle_.back().connection);
      idle_.pop_back();
      if (connection->is_usable()) return Lease(*this, std::move(connection));
      --stats_.open;  // it died while nobody looked: the server was restarted, or an administrator ended it
    }
    if (stats_.open < options_.max_connections) {
      ++stats_.open;
      lock.unlock();
      return open();
    }
    ++stats_.waiting;
    const auto woken = freed_.wait_until(lock, deadline);
    --stats_.waiting;
    if (woken == std::cv_status::timeout && idle_.empty() && stats_.open >= options_.max_connections) {
      return errors::fail(ErrorKind::unavailable, "database_busy", "All connections to the database are in use.");
    }
  }
}

errors::Result<Lease> Pool::open() {
  auto connection = Connection::open(options_.connection);
  const std::scoped_lock lock(mutex_);
  if (!connection) {
    --stats_.open;
    freed_.notify_one();
    log(connection.error(), "(connect)");
    return std::unexpected(to_error(connection.error()));
  }
  ++stats_.opened;
  return Lease(*this, std::move(*connection));
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  std::vector<std::unique_ptr<Connection>> closing;  // outside of the lock
  const std::scoped_lock lock(mutex_);
  const auto now = Clock::now();
  if (connection->is_idle()) {
    idle_.push_back({std::move(connection), now});
  } else {
    --stats_.open;
    closing.push_back(std::move(connection));
  }
  while (idle_.size() > options_.min_idle && idle_.front().since + options_.idle_close_after <= now) {
    closing.push_back(std::move(idle_.front().connection));
    idle_.pop_front();
    --stats_.open;
  }
  freed_.notify_one();
}

errors::Result<Rows> Pool::query(std::string_view sql, Params params, const Expect& expect) {
  auto lease = acquire();
  if (!lease) return errors::pass_on(lease);
  const std::string sent = with_expectation(sql, expect, params);
  const Command command{sent, &params};
  Exchange exchange = lease->exchange({&command, 1});
  if (exchange.fault) {
    if (const auto* expected = expected_error(*exchange.fault, expect)) return std::unexpected(*expected);
    const auto error = to_error(*exchange.fault);
    if (error.kind != ErrorKind::contended) log(*exchange.fault, sql);
    return std::unexpected(error);
  }
  Rows rows = std::move(exchange.results.front());
  if (expect.check()) {
    if (auto checked = expect.check()(rows); !checked) return std::unexpected(std::move(checked.error()));
  }
  return rows;
}

}  // namespace pkg::postgres
