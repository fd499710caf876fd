#include "pkg/postgres/rows.hpp"

#include <libpq-fe.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>

#include "pkg/postgres/encoding.hpp"

namespace pkg::postgres {
namespace {

using namespace encoding;

PGresult* as_result(void* result) { return static_cast<PGresult*>(result); }

[[noreturn]] void misread(int column, std::uint32_t type, const char* wanted) {
  std::fprintf(stderr, "pkg/postgres: column %d (type %u) was read as %s\n", column, type, wanted);
  std::abort();
}

bool is_text(std::uint32_t type) {
  return type == text_oid || type == varchar_oid || type == bpchar_oid || type == name_oid || type == json_oid || type >= first_user_oid;
}

ids::Uuid to_uuid(std::string_view raw) {
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), raw.data(), bytes.size());
  return ids::Uuid{bytes};
}

std::int64_t to_int64(std::string_view raw) {
  if (raw.size() == 8) return get<std::int64_t>(raw);
  if (raw.size() == 4) return get<std::int32_t>(raw);
  return get<std::int16_t>(raw);
}

/// Reads an array's elements; the type is that of the whole array.
template <class T, class Read>
std::vector<T> elements(std::string_view raw, int column, std::uint32_t type, std::initializer_list<std::uint32_t> allowed,
                        const char* wanted, Read read) {
  bool fits = false;
  for (const std::uint32_t one : allowed) fits = fits || one == type;
  if (!fits) misread(column, type, wanted);
  const auto dimensions = get<std::int32_t>(raw);
  if (dimensions == 0) return {};
  if (dimensions != 1 || get<std::int32_t>(raw.substr(4)) != 0) misread(column, type, wanted);
  const auto count = get<std::int32_t>(raw.substr(12));
  raw.remove_prefix(20);
  std::vector<T> all;
  all.reserve(static_cast<std::size_t>(count));
  for (std::int32_t i = 0; i < count; ++i) {
    const auto length = static_cast<std::size_t>(get<std::int32_t>(raw));
    all.push_back(read(raw.substr(4, length)));
    raw.remove_prefix(4 + length);
  }
  return all;
}

}  // namespace

Rows::Rows() = default;
Rows::Rows(void* result)
    : result_(result, [](void* taken_over) { PQclear(as_result(taken_over)); }),
      size_(static_cast<std::size_t>(PQntuples(as_result(result)))) {}
Rows::Rows(Rows&&) noexcept = default;
Rows& Rows::operator=(Rows&&) noexcept = default;
Rows::~Rows() = default;

Rows Rows::part(std::size_t first, std::size_t count) const {
  if (first + count > size_) misread(-1, 0, "rows that are not there");
  Rows part;
  part.result_ = result_;
  part.first_ = first_ + first;
  part.size_ = count;
  return part;
}

std::uint64_t Rows::affected() const {
  const std::string_view text = result_ ? PQcmdTuples(as_result(result_.get())) : "";
  std::uint64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

Row Rows::operator[](std::size_t row) const {
  if (row >= size()) misread(-1, 0, "a row that is not there");
  return {*this, static_cast<int>(first_ + row)};
}
Rows::Iterator Rows::begin() const { return {*this, 0}; }
Rows::Iterator Rows::end() const { return {*this, size()}; }

bool Row::is_null(int column) const {
  if (column < 0 || column >= PQnfields(as_result(rows_.result_.get()))) misread(column, 0, "a column that is not there");
  return PQgetisnull(as_result(rows_.result_.get()), row_, column) != 0;
}

std::uint32_t Row::type(int column) const { return PQftype(as_result(rows_.result_.get()), column); }

std::string_view Row::raw(int column) const {
  if (is_null(column)) misread(column, type(column), "something that is not null");
  auto* result = as_result(rows_.result_.get());
  return {PQgetvalue(result, row_, column), static_cast<std::size_t>(PQgetlength(result, row_, column))};
}

std::string_view Row::text(int column) const {
  const auto value = raw(column);
  if (type(column) == jsonb_oid) return value.substr(1);
  if (!is_text(type(column))) misread(column, type(column), "text");
  return value;
}

std::string_view Row::bytes(int column) const {
  if (type(column) != bytea_oid) misread(column, type(column), "bytea");
  return raw(column);
}

std::int64_t Row::int64(int column) const {
  const auto value = raw(column);
  if (type(column) != int8_oid && type(column) != int4_oid && type(column) != int2_oid) misread(column, type(column), "an integer");
  return to_int64(value);
}

bool Row::boolean(int column) const {
  const auto value = raw(column);
  if (type(column) != bool_oid) misread(column, type(column), "boolean");
  return value[0] != 0;
}

ids::Uuid Row::uuid(int column) const {
  const auto value = raw(column);
  if (type(column) != uuid_oid) misread(column, type(column), "uuid");
  return to_uuid(value);
}

clock::TimePoint Row::time(int column) const {
  const auto value = raw(column);
  if (type(column) != timestamptz_oid) misread(column, type(column), "timestamptz");
  return from_pg_time(get<std::int64_t>(value));
}

std::optional<std::string_view> Row::maybe_text(int column) const { return is_null(column) ? std::nullopt : std::optional(text(column)); }
std::optional<std::int64_t> Row::maybe_int64(int column) const { return is_null(column) ? std::nullopt : std::optional(int64(column)); }
std::optional<ids::Uuid> Row::maybe_uuid(int column) const { return is_null(column) ? std::nullopt : std::optional(uuid(column)); }
std::optional<clock::TimePoint> Row::maybe_time(int column) const { return is_null(column) ? std::nullopt : std::optional(time(column)); }

std::vector<std::string> Row::texts(int column) const {
  return elements<std::string>(raw(column), column, type(column), {text_array_oid, varchar_array_oid}, "text[]",
                               [](std::string_view one) { return std::string(one); });
}
std::vector<std::string> Row::blobs(int column) const {
  return elements<std::string>(raw(column), column, type(column), {bytea_array_oid}, "bytea[]",
                               [](std::string_view one) { return std::string(one); });
}
std::vector<std::int64_t> Row::int64s(int column) const {
  return elements<std::int64_t>(raw(column), column, type(column), {int8_array_oid, int4_array_oid, int2_array_oid}, "an array of integers",
                                to_int64);
}
std::vector<ids::Uuid> Row::uuids(int column) const {
  return elements<ids::Uuid>(raw(column), column, type(column), {uuid_array_oid}, "uuid[]", to_uuid);
}
std::vector<clock::TimePoint> Row::times(int column) const {
  return elements<clock::TimePoint>(raw(column), column, type(column), {timestamptz_array_oid}, "timestamptz[]",
                                    [](std::string_view one) { return from_pg_time(get<std::int64_t>(one)); });
}

}  // namespace pkg::postgres
