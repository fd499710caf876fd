// How a connection comes to be: settings, and a time limit that libpq's own (whole seconds, two at least) is too coarse for.

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <map>

#include "pkg/postgres/connection.hpp"

namespace pkg::postgres {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

Fault cannot_connect(std::string why) { return {.sqlstate = {}, .message = std::move(why), .constraint = {}, .connection_lost = true}; }

/// The connection string's own settings with ours on top; `options` of both are joined.
std::expected<std::map<std::string, std::string>, Fault> keywords(const ConnectionSettings& settings) {
  char* complaint = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(PQconninfoParse(settings.connection_string.c_str(), &complaint),
                                                                            &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> owned(complaint, &PQfreemem);
  if (!parsed) return std::unexpected(cannot_connect(complaint == nullptr ? "the connection string cannot be read" : complaint));
  std::map<std::string, std::string> words;
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) words[option->keyword] = option->val;
  }
  words["options"] += " -c statement_timeout=" + std::to_string(settings.statement_timeout.count()) +
                      " -c idle_in_transaction_session_timeout=" + std::to_string(settings.idle_in_transaction_timeout.count()) +
                      " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";
  if (settings.read_only) {
    words["options"] += " -c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read";
  } else {
    // A plan is kept for as long as the statistics are, and a table of a page, which is read as a whole for less than by its index, is one
    // of ten thousand rows before they are taken again. What an index serves goes by the index from the first.
    words["options"] += " -c enable_seqscan=off -c jit=off";
  }
  if (!settings.application_name.empty()) words["application_name"] = settings.application_name;
  words["client_encoding"] = "UTF8";
  // A peer that vanished without a word is noticed within half a minute, by either side.
  words.try_emplace("keepalives_idle", "10");
  words.try_emplace("keepalives_interval", "5");
  words.try_emplace("keepalives_count", "3");
  words.try_emplace("tcp_user_timeout", "20000");
  return words;
}

/// Drives the handshake. True when the connection stands; PQerrorMessage says why it does not.
bool shake_hands(PGconn* connection, Deadline deadline) {
  auto state = PGRES_POLLING_WRITING;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return false;
    pollfd socket{PQsocket(connection), static_cast<short>(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    const int ready = poll(&socket, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    state = PQconnectPoll(connection);
    if (state == PGRES_POLLING_OK) return true;
    if (state == PGRES_POLLING_FAILED) return false;
  }
}

}  // namespace

std::expected<std::unique_ptr<Connection>, Fault> Connection::open(const ConnectionSettings& settings) {
  const auto deadline = std::chrono::steady_clock::now() + settings.connect_timeout;
  const auto words = keywords(settings);
  if (!words) return std::unexpected(words.error());
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : *words) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  std::unique_ptr<PGconn, Finish> connection(PQconnectStartParams(names.data(), values.data(), 0));
  if (!connection || PQstatus(connection.get()) == CONNECTION_BAD || !shake_hands(connection.get(), deadline)) {
    std::string why = connection ? PQerrorMessage(connection.get()) : "out of memory";
    if (why.empty()) why = "no answer within the time limit";
    return std::unexpected(cannot_connect(std::move(why)));
  }
  return std::unique_ptr<Connection>(new Connection(connection.release(), settings));
}

}  // namespace pkg::postgres
