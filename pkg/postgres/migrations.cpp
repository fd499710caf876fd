#include "pkg/postgres/migrations.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

namespace pkg::postgres {
namespace {

using errors::ErrorKind;
using errors::Result;

struct Applied {
  std::string checksum;
  std::string name;
};
using Key = std::pair<std::string, int>;  // set and number
using History = std::map<Key, Applied>;

constexpr std::string_view create_table = R"(
  create table if not exists schema_migrations (
    set text not null, number integer not null, name text not null, checksum text not null,
    applied_at timestamptz not null default now(), primary key (set, number)))";
constexpr std::string_view undefined_table = "42P01";

std::string sha256(std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) {
    hex.push_back("0123456789abcdef"[digest[i] >> 4]);
    hex.push_back("0123456789abcdef"[digest[i] & 15]);
  }
  return hex;
}

std::string label(std::string_view set, int number, std::string_view name) {
  return "migration " + std::to_string(number) + " (" + std::string(name) + ") of set " + std::string(set);
}

Result<> check_numbers(std::span<const Migration> migrations) {
  std::map<std::string_view, int> last;
  for (const Migration& step : migrations) {
    if (step.number != ++last[step.set]) {
      return errors::fail(ErrorKind::internal, "migrations_invalid",
                          "Expected number " + std::to_string(last[step.set]) + " and found " + label(step.set, step.number, step.name) +
                              ": renumber the files.");
    }
  }
  return {};
}

/// The steps still to be run, or why the database and the program do not belong together.
Result<std::vector<const Migration*>> pending(std::span<const Migration> migrations, const History& history) {
  std::vector<const Migration*> steps;
  std::map<std::string_view, int> known;
  std::set<std::string_view> behind;
  for (const Migration& step : migrations) {
    known[step.set] = step.number;
    const auto found = history.find({step.set, step.number});
    if (found == history.end()) {
      steps.push_back(&step);
      behind.insert(step.set);
    } else if (behind.contains(step.set)) {
      return errors::fail(
          ErrorKind::internal, "migration_missing",
          "The database has " + label(step.set, step.number, step.name) + " but not the one before it: give new files higher numbers.");
    } else if (found->second.checksum != sha256(step.sql)) {
      return errors::fail(
          ErrorKind::internal, "migration_changed",
          "The file of " + label(step.set, step.number, step.name) + " was changed after it had been run: restore it and write a new one.");
    }
  }
  for (const auto& [key, applied] : history) {
    const auto set = known.find(key.first);
    if (set != known.end() && key.second > set->second) {
      return errors::fail(
          ErrorKind::internal, "database_newer",
          "The database has " + label(key.first, key.second, applied.name) + ", which this program does not know: run a newer release.");
    }
  }
  return steps;
}

class Migrator {
 public:
  Migrator(Connection& connection, std::span<const Migration> migrations, const FaultLog& log)
      : connection_(connection), migrations_(migrations), log_(log) {
    for (const Migration& step : migrations_) {
      if (std::ranges::find(sets_, step.set) == sets_.end()) sets_.push_back(step.set);
    }
  }

  /// Nothing where the table does not exist.
  Result<std::optional<History>> history() {
    const Params params{Param::array(std::span<const std::string>(sets_))};
    const Command command{"select set, number, checksum, name from schema_migrations where set = any($1)", &params};
    const Exchange exchange = connection_.exchange({&command, 1});
    if (exchange.fault && exchange.fault->sqlstate == undefined_table) return std::nullopt;
    if (exchange.fault) return failed(*exchange.fault, command.sql);
    History history;
    for (const Row row : exchange.results.front()) {
      history[{std::string(row.text(0)), static_cast<int>(row.int64(1))}] = {std::string(row.text(2)), std::string(row.text(3))};
    }
    return history;
  }

  Result<> run_pending() {
    // One lock per database; the server frees it when the connection ends.
    const Command commands[] = {{"select pg_advisory_lock(hashtextextended('schema_migrations', 0))"}, {create_table}};
    if (const auto locked = connection_.exchange(commands); locked.fault) return failed(*locked.fault, create_table);
    auto now = history();
    if (!now) return errors::pass_on(now);
    const auto steps = pending(migrations_, now->value_or(History{}));
    if (!steps) return errors::pass_on(steps);
    for (const Migration* step : *steps) {
      if (auto done = run(*step); !done) return done;
    }
    return {};
  }

 private:
  Result<> run(const Migration& step) {
    const auto refused = [&](const Fault& fault) -> Result<> {
      log_(fault, step.sql);
      if (fault.connection_lost) return std::unexpected(to_error(fault));
      return errors::fail(ErrorKind::internal, "migration_failed", "The database refused " + label(step.set, step.number, step.name) + ".");
    };
    if (auto fault = connection_.run_script("begin")) return refused(*fault);
    if (auto fault = connection_.run_script(step.sql)) return refused(*fault);
    const Params params{step.set, step.number, step.name, sha256(step.sql)};
    const Command commands[] = {{"insert into schema_migrations (set, number, name, checksum) values ($1, $2, $3, $4)", &params},
                                {"commit"}};
    if (const auto recorded = connection_.exchange(commands); recorded.fault) return refused(*recorded.fault);
    return {};
  }

  std::unexpected<errors::Error> failed(const Fault& fault, std::string_view sql) {
    log_(fault, sql);
    return std::unexpected(to_error(fault));
  }

  Connection& connection_;
  std::span<const Migration> migrations_;
  const FaultLog& log_;
  std::vector<std::string> sets_;
};

}  // namespace

Result<std::vector<Migration>> embedded_migrations(std::string_view set, std::span<const embed::EmbeddedFile> files) {
  std::vector<Migration> migrations;
  for (const auto& file : files) {
    Migration step{std::string(set), 0, {}, std::string(file.bytes)};
    const auto [end, error] = std::from_chars(file.name.data(), file.name.data() + file.name.size(), step.number);
    const std::string_view rest(end, static_cast<std::size_t>(file.name.data() + file.name.size() - end));
    if (error != std::errc{} || !rest.starts_with('_') || !rest.ends_with(".sql") || rest.size() < 6) {
      return errors::fail(ErrorKind::internal, "migrations_invalid",
                          "The file " + std::string(file.name) + " is not named like 0001_name.sql.");
    }
    step.name = rest.substr(1, rest.size() - 5);
    migrations.push_back(std::move(step));
  }
  std::ranges::sort(migrations, {}, &Migration::number);
  return migrations;
}

Result<> migrate(const ConnectionSettings& settings, std::span<const Migration> migrations, const FaultLog& log) {
  const FaultLog quiet = [](const Fault&, std::string_view) {};
  if (auto numbered = check_numbers(migrations); !numbered) return numbered;
  ConnectionSettings patient = settings;  // a large table takes its time
  patient.statement_timeout = std::chrono::milliseconds{0};
  patient.idle_in_transaction_timeout = std::chrono::milliseconds{0};
  auto connection = Connection::open(patient);
  if (!connection) {
    if (log) log(connection.error(), "(connect)");
    return std::unexpected(to_error(connection.error()));
  }
  Migrator migrator(**connection, migrations, log ? log : quiet);
  const auto history = migrator.history();
  if (!history) return errors::pass_on(history);
  if (*history) {
    const auto steps = pending(migrations, **history);
    if (!steps) return errors::pass_on(steps);
    if (steps->empty()) return {};
  }
  return migrator.run_pending();
}

}  // namespace pkg::postgres
