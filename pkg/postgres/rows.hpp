#pragma once
// The result of a query. Values are read by column number and type; a read of the wrong type or of an unexpected null stops the
// process, because the statement and its reader stand side by side in one file and only a programmer can bring them apart.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/ids/uuid.hpp"

namespace pkg::postgres {

class Row;

class Rows {
 public:
  Rows();
  /// Takes over a PGresult*.
  explicit Rows(void* result);
  Rows(Rows&&) noexcept;
  Rows& operator=(Rows&&) noexcept;
  ~Rows();

  std::size_t size() const { return size_; }
  bool empty() const { return size() == 0; }
  /// So many of them from there on, which stay when the others go. Stops the process where there are not so many.
  Rows part(std::size_t first, std::size_t count) const;
  /// Rows inserted, updated or deleted.
  std::uint64_t affected() const;
  Row operator[](std::size_t row) const;

  class Iterator;
  Iterator begin() const;
  Iterator end() const;

 private:
  friend class Row;
  std::shared_ptr<void> result_;  // shared with its parts
  std::size_t first_ = 0, size_ = 0;
};

/// Valid while its Rows live.
class Row {
 public:
  bool is_null(int column) const;
  std::string_view text(int column) const;   ///< text, varchar, json, jsonb, enums
  std::string_view bytes(int column) const;  ///< bytea
  std::int64_t int64(int column) const;      ///< smallint, integer, bigint
  bool boolean(int column) const;
  ids::Uuid uuid(int column) const;
  clock::TimePoint time(int column) const;  ///< timestamptz; infinity is TimePoint::max(), -infinity TimePoint::min()

  std::optional<std::string_view> maybe_text(int column) const;
  std::optional<std::int64_t> maybe_int64(int column) const;
  std::optional<ids::Uuid> maybe_uuid(int column) const;
  std::optional<clock::TimePoint> maybe_time(int column) const;

  /// Arrays of one dimension without nulls.
  std::vector<std::string> texts(int column) const;  ///< text[], varchar[]
  std::vector<std::string> blobs(int column) const;  ///< bytea[]
  std::vector<std::int64_t> int64s(int column) const;
  std::vector<ids::Uuid> uuids(int column) const;
  std::vector<clock::TimePoint> times(int column) const;

 private:
  friend class Rows;
  Row(const Rows& rows, int row) : rows_(rows), row_(row) {}
  std::string_view raw(int column) const;
  std::uint32_t type(int column) const;

  const Rows& rows_;
  int row_;
};

class Rows::Iterator {
 public:
  Iterator(const Rows& rows, std::size_t row) : rows_(&rows), row_(row) {}
  Row operator*() const { return (*rows_)[row_]; }
  Iterator& operator++() {
    ++row_;
    return *this;
  }
  bool operator!=(const Iterator& other) const { return row_ != other.row_; }

 private:
  const Rows* rows_;
  std::size_t row_;
};

}  // namespace pkg::postgres
