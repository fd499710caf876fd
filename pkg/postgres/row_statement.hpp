#pragma once
// A statement that is written once and done for one row or for many: a statement costs several times what another row of it does.

#include <string>
#include <string_view>
#include <vector>

namespace pkg::postgres {

/// An INSERT or UPDATE that takes what to do `FROM $given`, a DELETE `USING $given`, or a SELECT that takes locks; its columns are
/// `given.<name>`. What a unit of work gives it (Transaction::execute), and what units that commit together give it, goes in as few
/// statements as possible. For that a row may overtake rows of other statements, but none with the same first value, and within its unit no
/// SQL text. Outlives the units that use it.
///
/// With RETURNING it gives a row back for each that it is given, in their order: an INSERT says `ORDER BY given.place` for that.
class RowStatement {
 public:
  /// Whether one statement may have several rows with the same first value: fine where all are inserted, wrong where they would change the
  /// same row, which happens once at most.
  enum class SameFirst { apart, together };

  /// The columns as for CREATE TABLE: "order_id uuid, line bigint". Types are bigint, boolean, bytea, text, timestamptz and uuid.
  RowStatement(std::string_view columns, std::string_view sql, SameFirst same_first = SameFirst::apart);

  /// With the values of a row as its parameters.
  const std::string& for_one() const { return for_one_; }
  /// With an array for each of these.
  const std::string& for_many() const { return for_many_; }
  SameFirst same_first() const { return same_first_; }

 private:
  std::string for_one_;
  std::string for_many_;
  SameFirst same_first_;
};

/// Ids as the text of an array, for a column "… text" that the statement casts: `given.orders::uuid[]`. A column itself is no array.
template <class Id>
std::string array_text(const std::vector<Id>& ids) {
  std::string text = "{";
  for (const Id& id : ids) text.append(text.size() == 1 ? "" : ",").append(id.to_string());
  return text + "}";
}

}  // namespace pkg::postgres
