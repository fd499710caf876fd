#include "pkg/saga_pg/saga_rows.hpp"

#include <optional>
#include <string>
#include <utility>

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
  state.version = static_cast<std::uint64_t>(row.int64(2));
  const auto status = saga::status_of(row.text(3));
  if (!status) return unreadable(state, row.text(3));
  state.status = *status;
  state.data = row.bytes(4);
  for (const auto& text : row.texts(5)) {
    const auto progress = saga::progress_of(text);
    if (!progress) return unreadable(state, text);
    state.steps.push_back(*progress);
  }
  if (!row.is_null(6)) {
    const auto direction = saga::direction_of(row.text(7));
    if (!direction) return unreadable(state, row.text(7));
    state.in_flight = saga::InFlight{.step = number(row, 6),
                                     .direction = *direction,
                                     .message_id = std::string(row.text(8)),
                                     .round = number(row, 9),
                                     .attempt = number(row, 10),
                                     .refused = row.boolean(11)};
  }
  state.wake_at = row.maybe_time(12);
  state.changed_at = row.time(13);
  state.failed_step = row.text(14);
  state.failure_code = row.text(15);
  state.failure_detail = row.text(16);
  state.alert = row.boolean(17);
  state.ignored = number(row, 18);
  state.definition_version = number(row, 19);
  state.data_version = number(row, 20);
  state.started_at = row.time(21);
  state.correlation_id = row.text(22);
  state.traceparent = row.text(23);
  return state;
}

postgres::Params step_params(const saga::State& state, std::string_view history) {
  using postgres::Param;
  std::string steps;
  for (const auto progress : state.steps) steps.append(steps.empty() ? "{" : ",").append(saga::word(progress));
  steps.append(steps.empty() ? "{}" : "}");
  const bool out = state.in_flight.has_value();
  const saga::InFlight flight = state.in_flight.value_or(saga::InFlight{});
  return {state.id,
          state.name,
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
          state.changed_at,
          state.failed_step,
          state.failure_code,
          state.failure_detail,
          state.alert,
          state.ignored,
          history};
}

postgres::Params first_params(const saga::State& state, std::string_view history) {
  auto params = step_params(state, history);
  for (postgres::Param param :
       postgres::Params{state.definition_version, state.data_version, state.started_at, state.correlation_id, state.traceparent}) {
    params.push_back(std::move(param));
  }
  return params;
}

}  // namespace pkg::saga_pg
