#pragma once
// One connection to PostgreSQL, in libpq's pipeline mode. Used by one thread at a time; the pool sees to that.

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/postgres/fault.hpp"
#include "pkg/postgres/params.hpp"
#include "pkg/postgres/rows.hpp"

struct pg_conn;
struct pg_result;

namespace pkg::postgres {

struct ConnectionSettings {
  std::string connection_string;  ///< libpq's, either form
  std::string application_name;   ///< seen in pg_stat_activity
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds statement_timeout{10'000};            ///< 0 is none
  std::chrono::milliseconds idle_in_transaction_timeout{10'000};  ///< 0 is none; does not count after send_ahead()
  std::size_t prepared_statements = 256;                          ///< kept per connection; the least recently used goes first
  bool read_only = false;  ///< transactions write nothing, and what one reads is of one moment (repeatable read)
};

struct Command {
  std::string_view sql;
  const Params* params = nullptr;  ///< null is none
};

/// The results of the commands before the first that failed; that one's number is `results.size()`. Commands behind it did nothing.
struct Exchange {
  std::vector<Rows> results;
  std::optional<Fault> fault;
};

class StatementCache;
struct PreparedStatement;

class Connection {
 public:
  static std::expected<std::unique_ptr<Connection>, Fault> open(const ConnectionSettings& settings);
  ~Connection();

  /// Sends all commands in one go and waits for their results: one round trip. A statement seen for the first time is prepared on
  /// the way. Without BEGIN they are a transaction of their own: where one fails none has an effect.
  Exchange exchange(std::span<const Command> commands);
  /// Sends them and waits for nothing: the server is at work on them while the caller makes more. What comes of them, also where they could
  /// not be sent, is told by the next exchange, whose results begin with theirs. For little: what the socket does not take at once waits
  /// for that exchange, and the server for it with the time-out of the statement running.
  void send_ahead(std::span<const Command> commands);

  /// Runs a text of several statements without parameters; nothing of it is cached.
  std::optional<Fault> run_script(const std::string& sql);

  /// From here on others' NOTIFY on the channel, an identifier of SQL, is heard. For a connection of one's own: a pool gives away what
  /// others would hear.
  std::optional<Fault> listen(const std::string& channel);
  /// Of a connection that listens, between exchanges: the payloads that came since the last time. Waits for one, but no longer than until
  /// the connection is lost, `interrupt` (a descriptor; -1 is none) can be read, or the time is over.
  std::vector<std::string> await_notifications(std::chrono::milliseconds at_most, int interrupt);

  /// False once the connection is known to be lost. Looks at the socket and sends nothing; to be asked between exchanges only.
  bool is_usable();
  /// True outside of any transaction.
  bool is_idle() const;

 private:
  /// A result to come.
  struct Awaited {
    enum class What { discarding, preparing, running };
    What what;
    PreparedStatement* statement = nullptr;
  };
  struct Finish {
    void operator()(pg_conn* connection) const;
  };

  Connection(pg_conn* connection, const ConnectionSettings& settings);
  /// False where it could not.
  bool send(std::span<const Command> commands);
  void receive(const std::vector<Awaited>& awaited, Exchange& exchange);
  /// The next result, or null at the end of one command's results.
  pg_result* next_result();
  Fault lost(std::string_view why);

  std::unique_ptr<pg_conn, Finish> connection_;
  std::unique_ptr<StatementCache> statements_;
  std::vector<Awaited> awaited_;
  std::chrono::milliseconds silence_limit_;
  bool listens_ = false;
  bool broken_ = false;
};

}  // namespace pkg::postgres
