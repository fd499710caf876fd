#include "pkg/postgres/row_statement.hpp"

#include <cstdio>
#include <cstdlib>

namespace pkg::postgres {
namespace {

constexpr std::string_view given = "$given";

std::string replaced(std::string_view sql, std::size_t at, std::string_view by) {
  return std::string(sql.substr(0, at)).append(by).append(sql.substr(at + given.size()));
}

}  // namespace

// The first array stands in a sub-select, so that its elements cannot be counted and PostgreSQL takes them for ten, or more where another
// array has more: else a few of them would be planned for each time. They are unnested in the list of what is selected, where PostgreSQL
// goes through them side by side; in FROM it makes a table of each first, for twice the price.
RowStatement::RowStatement(std::string_view columns, std::string_view sql, SameFirst same_first) : same_first_(same_first) {
  const auto at = sql.find(given);
  if (at == std::string_view::npos) {
    std::fprintf(stderr, "pkg/postgres: a statement for rows takes them from $given: %.*s\n", static_cast<int>(sql.size()), sql.data());
    std::abort();
  }
  std::string values;
  std::string arrays;
  if (sql.find("given.place") != std::string_view::npos) {
    values = "1 AS place, ";
    arrays = "generate_subscripts($1, 1) AS place, ";
  }
  for (int number = 1; !columns.empty(); ++number) {
    const auto end = columns.find(',');
    std::string_view column = columns.substr(0, end);
    columns.remove_prefix(end == std::string_view::npos ? columns.size() : end + 1);
    column.remove_prefix(column.find_first_not_of(' '));
    const std::string name(column.substr(0, column.find(' ')));
    const std::string type(column.substr(name.size() + 1));
    const std::string separator = number == 1 ? "" : ", ";
    const std::string parameter = "$" + std::to_string(number);
    values += separator + parameter + "::" + type + " AS " + name;
    const std::string array = parameter + "::" + type + "[]";
    arrays += separator + "unnest(" + (number == 1 ? "(SELECT " + array + ")" : array) + ") AS " + name;
  }
  for_one_ = replaced(sql, at, "(SELECT " + values + ") AS given");
  for_many_ = replaced(sql, at, "(SELECT " + arrays + ") AS given");
}

}  // namespace pkg::postgres
