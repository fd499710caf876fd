#pragma once
// How an expectation travels with its statement, and how a fault is read in its light. Internal to pkg/postgres.

#include <string>
#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/postgres/expect.hpp"
#include "pkg/postgres/fault.hpp"
#include "pkg/postgres/params.hpp"

namespace pkg::postgres {

/// The statement as it is sent. An expected number of rows makes the server itself fail on another one, with an SQLSTATE that
/// nothing else in use raises; the number travels as a further parameter, so that one prepared statement serves all.
std::string with_expectation(std::string_view sql, const Expect& expect, Params& params);

/// The expectation's own error where it provides for this fault.
const errors::Error* expected_error(const Fault& fault, const Expect& expect);

}  // namespace pkg::postgres
