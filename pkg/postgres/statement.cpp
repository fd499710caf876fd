#include "pkg/postgres/statement.hpp"

namespace pkg::postgres {
namespace {

// width_bucket() wants at least one bucket and refuses none with this.
constexpr std::string_view row_count_mismatch = "2201G";

}  // namespace

std::string with_expectation(std::string_view sql, const Expect& expect, Params& params) {
  if (!expect.row_count()) return std::string(sql);
  params.emplace_back(expect.row_count()->count);
  return "WITH affected AS (" + std::string(sql) + " RETURNING 1) SELECT width_bucket(0::float8, 0, 1, (count(*) = $" +
         std::to_string(params.size()) + ")::int) FROM affected";
}

const errors::Error* expected_error(const Fault& fault, const Expect& expect) {
  if (fault.sqlstate == row_count_mismatch && expect.row_count()) return &expect.row_count()->otherwise;
  if (!fault.sqlstate.starts_with("23")) return nullptr;
  for (const auto& violation : expect.violations()) {
    if (violation.constraint == fault.constraint) return &violation.meaning;
  }
  return nullptr;
}

}  // namespace pkg::postgres
