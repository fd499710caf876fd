#include "pkg/postgres/fault.hpp"

#include <cstdio>

namespace pkg::postgres {
namespace {

using errors::Error;
using errors::ErrorKind;

constexpr std::string_view unknown_code = "commit_outcome_unknown";

Error unavailable(const char* code, const char* detail) { return {ErrorKind::unavailable, code, detail, {}}; }

}  // namespace

FaultLog standard_error_log() {
  return [](const Fault& fault, std::string_view sql) {
    std::fprintf(stderr, "postgres: SQLSTATE %s%s: %s; statement: %.*s\n", fault.sqlstate.empty() ? "none" : fault.sqlstate.c_str(),
                 fault.connection_lost ? ", connection lost" : "", fault.message.c_str(), static_cast<int>(sql.size()), sql.data());
  };
}

// Classes and codes: PostgreSQL documentation, appendix A.
Error to_error(const Fault& fault) {
  const std::string_view state = fault.sqlstate;
  const auto is_class = [&](std::string_view two) { return state.starts_with(two); };
  const bool stale_plan = fault.connection_lost && (state == "0A000" || state == "26000");
  if (stale_plan || state == "40001" || state == "40P01" || state == "55P03") {
    return {ErrorKind::contended, "contended", "Somebody else changed the same thing at the same moment.", {}};
  }
  if (state == "57014") return unavailable("database_timeout", "The database took too long to answer.");
  if (state == "53300") return unavailable("database_busy", "The database has no connection free.");
  if (fault.connection_lost || is_class("08") || is_class("57P")) {
    return unavailable("database_unavailable", "The database cannot be reached at the moment.");
  }
  if (is_class("53") || state == "25006") return unavailable("database_unavailable", "The database cannot store anything at the moment.");
  if (state == "22021" || state == "22P05")
    return {ErrorKind::malformed, "unstorable_text", "A text holds characters that cannot be stored.", {}};
  return {ErrorKind::internal, "database_error", "The database refused a statement.", {}};
}

Error commit_outcome_unknown() {
  return unavailable(unknown_code.data(), "The connection to the database was lost during the commit; it may or may not have happened.");
}

bool leaves_commit_unknown(const Fault& fault, std::size_t at, std::size_t count) {
  return fault.connection_lost && (fault.sqlstate.empty() || at + 1 == count);
}

bool is_commit_outcome_unknown(const Error& error) { return error.code == unknown_code; }

}  // namespace pkg::postgres
