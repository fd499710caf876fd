#include "pkg/saga_pg/saga_rows.hpp"

#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace pkg::saga_pg {
namespace {

std::unexpected<errors::Error> unreadable(const saga::State& state, std::string_view word) {
  return errors::fail(errors::ErrorKind::internal, "unreadable_saga",
                      "The saga " + state.id + " has an unknown word: " + std::string(word) + ".");
}

std::uint32_t number(const postgres::Row& row, int column) { return static_cast<std::uint32_t>(row.int64(column)); }

/// Nothing is null.
template <class T>
std::optional<std::int64_t> maybe_number(bool given, T value) {
  return given ? std::optional(static_cast<std::int64_t>(value)) : std::nullopt;
}

std::optional<std::string> maybe_text(bool given, std::string_view text) { return given ? std::optional(std::string(text)) : std::nullopt; }

}  // namespace

errors::Result<saga::State> read_saga(const postgres::Row& row) {
  saga::State state;
  state.id = row.text(0);
  state.name = row.text(1);
  state.definition_version = number(row, 2);
  state.data_version = number(row, 3);
  state.version = static_cast<std::uint64_t>(row.int64(4));
  const auto status = saga::status_of(row.text(5));
  if (!status) return unreadable(state, row.text(5));
  state.status = *status;
  state.data = row.bytes(6);
  for (const auto& text : row.texts(7)) {
    const auto progress = saga::progress_of(text);
    if (!progress) return unreadable(state, text);
    state.steps.push_back(*progress);
  }
  if (!row.is_null(8)) {
    const auto direction = saga::direction_of(row.text(9));
    if (!direction) return unreadable(state, row.text(9));
    state.in_flight = saga::InFlight{.step = number(row, 8),
                                     .direction = *direction,
                                     .message_id = std::string(row.text(10)),
                                     .round = number(row, 11),
                                     .attempt = number(row, 12),
                                     .refused = row.boolean(13)};
  }
  state.wake_at = row.maybe_time(14);
  state.started_at = row.time(15);
  state.changed_at = row.time(16);
  state.failed_step = row.text(17);
  state.failure_code = row.text(18);
  state.failure_detail = row.text(19);
  state.alert = row.boolean(20);
  state.ignored = number(row, 21);
  state.correlation_id = row.text(22);
  state.traceparent = row.text(23);
  return state;
}

postgres::Params saga_params(const saga::State& state) {
  using postgres::Param;
  std::string steps;
  for (const auto progress : state.steps) steps.append(steps.empty() ? "{" : ",").append(saga::word(progress));
  steps.append(steps.empty() ? "{}" : "}");
  const bool out = state.in_flight.has_value();
  const saga::InFlight flight = state.in_flight.value_or(saga::InFlight{});
  return {state.id,
          state.name,
          state.definition_version,
          state.data_version,
          state.version,
          saga::word(state.status),
          Param::bytea(state.data),
          steps,
          maybe_number(out, flight.step),
          maybe_text(out, saga::word(flight.direction)),
          maybe_text(out, flight.message_id),
          maybe_number(out, flight.round),
          maybe_number(out, flight.attempt),
          out ? std::optional(flight.refused) : std::nullopt,
          state.wake_at,
          state.started_at,
          state.changed_at,
          state.failed_step,
          state.failure_code,
          state.failure_detail,
          state.alert,
          state.ignored,
          state.correlation_id,
          state.traceparent};
}

std::string further_lines(std::span<const saga::HistoryEntry> lines) {
  std::string array = "{";
  const auto add = [&](std::string_view text) {
    array += array.size() == 1 ? "\"" : ",\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  };
  for (const auto& line : lines) {
    add(std::to_string(clock::unix_us(line.time)));
    for (const std::string_view text : {line.step, line.direction, line.what, line.detail}) add(text);
  }
  return array += '}';
}

void read_further_lines(std::span<const std::string> texts, std::vector<saga::HistoryEntry>& history) {
  for (; texts.size() >= 5; texts = texts.subspan(5)) {
    std::int64_t time = 0;
    std::from_chars(texts[0].data(), texts[0].data() + texts[0].size(), time);
    history.push_back({clock::from_unix_us(time), texts[1], texts[2], texts[3], texts[4]});
  }
}

}  // namespace pkg::saga_pg
