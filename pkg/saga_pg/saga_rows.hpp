#pragma once
// A saga as a row. Internal to pkg/saga_pg.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/postgres/params.hpp"
#include "pkg/postgres/rows.hpp"
#include "pkg/saga_engine/state.hpp"

namespace pkg::saga_pg {

/// In the order that read_saga() and saga_params() keep.
inline constexpr std::string_view saga_columns =
    "saga_id, saga_name, definition_version, data_version, version, status, data, steps, out_step, out_direction, out_message_id, "
    "out_round, out_attempt, out_refused, wake_at, started_at, changed_at, failed_step, failure_code, failure_detail, alert, ignored, "
    "correlation_id, traceparent";
/// As a row is given to a statement; steps as the text of an array.
inline constexpr std::string_view saga_row =
    "saga_id text, saga_name text, definition_version bigint, data_version bigint, version bigint, status text, data bytea, steps text, "
    "out_step bigint, out_direction text, out_message_id text, out_round bigint, out_attempt bigint, out_refused boolean, "
    "wake_at timestamptz, started_at timestamptz, changed_at timestamptz, failed_step text, failure_code text, failure_detail text, "
    "alert boolean, ignored bigint, correlation_id text, traceparent text";

/// Fails with `internal` where a word in the row is not one of ours.
errors::Result<saga::State> read_saga(const postgres::Row& row);

/// A saga_row.
postgres::Params saga_params(const saga::State& state);

/// Further lines of a transition, five texts each, as PostgreSQL writes an array of texts.
std::string further_lines(std::span<const saga::HistoryEntry> lines);
/// Appends what further_lines() wrote; what is no whole line is left out.
void read_further_lines(std::span<const std::string> texts, std::vector<saga::HistoryEntry>& history);

}  // namespace pkg::saga_pg
