#pragma once
// Statements that wait to be sent, and which of their rows go together. Internal to pkg/postgres.

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "pkg/postgres/connection.hpp"
#include "pkg/postgres/expect.hpp"
#include "pkg/postgres/params.hpp"
#include "pkg/postgres/row_statement.hpp"

namespace pkg::postgres {

/// A statement of a unit of work, perhaps one that is done for several rows.
struct Queued {
  std::string sql;  ///< as it is sent; of rows since prepare()
  Params params;
  Expect expect;
  std::optional<std::size_t> part;  ///< of the unit
  const RowStatement* statement = nullptr;
  std::vector<Params> rows;
  std::vector<std::function<void(const Rows&)>> viewers;  ///< of these, some empty perhaps, and as many as the last that is shown something

  void prepare();
};

/// Finds the statement that a row may go with: statements have numbers, in the order in which they are sent.
class RowPlaces {
 public:
  std::optional<std::size_t> find(const RowStatement& statement, const Params& row) const;
  void put(const RowStatement& statement, const Params& row, std::size_t number);
  /// What comes does not go with what has a smaller number.
  void bar_before(std::size_t number) { bar_ = number; }
  void clear();

 private:
  static std::size_t first_value_of(const Params& row);

  std::unordered_map<const RowStatement*, std::size_t> last_of_;
  std::unordered_map<std::size_t, std::size_t> last_with_;  // by the first value's hash: one that is another's keeps rows apart for nothing
  std::size_t bar_ = 0;
};

/// The statements of several units, which no order binds but for rows with the same first value.
class Joint {
 public:
  /// What it is given outlives it, and commands().
  void add(std::span<const Queued> unit);
  /// Valid as long as this, which is not added to any more.
  std::vector<Command> commands();
  /// The results of each statement of that unit, of rows what somebody wants to see, from those of the commands.
  std::vector<Rows> take_results(std::size_t unit, std::span<Rows> results) const;

 private:
  struct Statement {
    const Queued* queued;
    std::vector<const Params*> rows;
    Expect expect;
    std::string sql;
    Params params;
  };
  /// Where the results of a unit's statement are.
  struct Place {
    std::size_t statement;
    bool is_whole;  ///< else these rows of them
    std::size_t first = 0, count = 0;
  };
  /// The number of the statement that they go with, perhaps a new one.
  std::size_t place_for(const Queued& rows);

  RowPlaces places_;
  std::deque<Statement> statements_;
  std::vector<std::vector<Place>> results_of_;  // by unit and statement
};

}  // namespace pkg::postgres
