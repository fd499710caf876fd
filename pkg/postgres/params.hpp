#pragma once
// Parameters of a statement, in PostgreSQL's binary form. Arrays make set-based statements (`= ANY($1)`, `unnest($1)`).

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/ids/id.hpp"
#include "pkg/ids/uuid.hpp"

namespace pkg::postgres {

/// One value, already encoded, with the type it is sent as.
struct Param {
  std::uint32_t oid = 0;
  std::optional<std::string> bytes;  ///< nothing is NULL

  Param(std::int64_t value);
  Param(int value) : Param(static_cast<std::int64_t>(value)) {}
  Param(std::uint32_t value) : Param(static_cast<std::int64_t>(value)) {}
  Param(std::uint64_t value) : Param(static_cast<std::int64_t>(value)) {}
  Param(bool value);
  Param(std::string_view text);
  Param(const std::string& text) : Param(std::string_view(text)) {}
  Param(const char* text) : Param(std::string_view(text)) {}
  Param(const ids::Uuid& id);
  template <class Tag>
  Param(const ids::Id<Tag>& id) : Param(id.value()) {}
  Param(clock::TimePoint time);
  template <class T>
  Param(const std::optional<T>& maybe);

  static Param bytea(std::string_view bytes);
  static Param jsonb(std::string_view json);
  static Param array(std::span<const std::string> texts);
  static Param array(std::span<const std::int64_t> numbers);
  static Param array(std::span<const ids::Uuid> ids);
  static Param bytea_array(std::span<const std::string> blobs);
  static Param array(std::span<const clock::TimePoint> times);
  /// The array of the values that these rows, one at least, have at that place, some of them NULL perhaps. For those that are no arrays
  /// themselves and no jsonb.
  static Param column(std::span<const std::vector<Param>* const> rows, std::size_t place);

 private:
  Param(std::uint32_t type, std::optional<std::string> encoded) : oid(type), bytes(std::move(encoded)) {}
};

using Params = std::vector<Param>;

template <class T>
Param::Param(const std::optional<T>& maybe) : Param(maybe ? Param(*maybe) : Param(T{})) {
  if (!maybe) bytes.reset();
}

}  // namespace pkg::postgres
