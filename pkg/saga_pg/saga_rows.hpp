#pragma once
// A saga as a row. Internal to pkg/saga_pg.

#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/postgres/params.hpp"
#include "pkg/postgres/rows.hpp"
#include "pkg/saga_engine/state.hpp"

namespace pkg::saga_pg {

/// In the order that read_saga() keeps.
inline constexpr std::string_view saga_columns =
    "saga_id, saga_name, version, status, data, steps, out_step, out_direction, out_message_id, out_round, out_attempt, out_refused, "
    "wake_at, changed_at, failed_step, failure_code, failure_detail, alert, ignored, definition_version, data_version, started_at, "
    "correlation_id, traceparent";

/// What a step may change, as a row that is given to a statement: steps as the text of an array, history as what is to be put in front.
inline constexpr std::string_view step_row =
    "saga_id text, saga_name text, version bigint, status text, data bytea, steps text, out_step bigint, out_direction text, "
    "out_message_id text, out_round bigint, out_attempt bigint, out_refused boolean, wake_at timestamptz, changed_at timestamptz, "
    "failed_step text, failure_code text, failure_detail text, alert boolean, ignored bigint, history text";
/// Follows it in the row of a new saga, and stays.
inline constexpr std::string_view first_row =
    "definition_version bigint, data_version bigint, started_at timestamptz, correlation_id text, traceparent text";

/// Fails with `internal` where a word in the row is not one of ours.
errors::Result<saga::State> read_saga(const postgres::Row& row);

/// A step_row.
postgres::Params step_params(const saga::State& state, std::string_view history);
/// A step_row and a first_row.
postgres::Params first_params(const saga::State& state, std::string_view history);

}  // namespace pkg::saga_pg
