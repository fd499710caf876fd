#pragma once
// A saga as a row. Internal to pkg/saga_pg.

#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/postgres/params.hpp"
#include "pkg/postgres/rows.hpp"
#include "pkg/saga_engine/state.hpp"

namespace pkg::saga_pg {

/// In the order that read_saga() and saga_params() keep.
inline constexpr std::string_view saga_columns =
    "saga_name, saga_id, definition_version, data_version, version, status, data, steps, out_step, out_direction, out_message_id, "
    "out_round, "
    "out_attempt, out_refused, wake_at, started_at, changed_at, failed_step, failure_code, failure_detail, alert, ignored, correlation_id, "
    "traceparent";

/// Fails with `internal` where a word in the row is not one of ours.
errors::Result<saga::State> read_saga(const postgres::Row& row);

/// $1 to $24.
postgres::Params saga_params(const saga::State& state);

}  // namespace pkg::saga_pg
