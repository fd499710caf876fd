#pragma once
// PostgreSQL's binary forms: big-endian, times in microseconds since 2000.

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include "pkg/clock/clock.hpp"

namespace pkg::postgres::encoding {

/// Numbers of built-in types (pg_type.oid), fixed for ever.
enum Oid : std::uint32_t {
  bool_oid = 16,
  bytea_oid = 17,
  name_oid = 19,
  int8_oid = 20,
  int2_oid = 21,
  int4_oid = 23,
  text_oid = 25,
  json_oid = 114,
  bool_array_oid = 1000,
  bytea_array_oid = 1001,
  int2_array_oid = 1005,
  int4_array_oid = 1007,
  text_array_oid = 1009,
  varchar_array_oid = 1015,
  int8_array_oid = 1016,
  bpchar_oid = 1042,
  varchar_oid = 1043,
  timestamptz_oid = 1184,
  timestamptz_array_oid = 1185,
  uuid_oid = 2950,
  uuid_array_oid = 2951,
  jsonb_oid = 3802,
  first_user_oid = 16384,  ///< enums and other types made by CREATE TYPE
};

constexpr std::int64_t epoch_offset_us = 946'684'800'000'000;  // 2000-01-01 after 1970-01-01
constexpr char jsonb_version = 1;

template <class T>
void put(std::string& out, T value) {
  if constexpr (std::endian::native == std::endian::little && sizeof(T) > 1) {
    if constexpr (sizeof(T) == 2) value = static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
    if constexpr (sizeof(T) == 4) value = static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
    if constexpr (sizeof(T) == 8) value = static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  }
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// The caller has checked that there are enough bytes.
template <class T>
T get(std::string_view in) {
  T value;
  std::memcpy(&value, in.data(), sizeof value);
  if constexpr (std::endian::native == std::endian::little && sizeof(T) > 1) {
    if constexpr (sizeof(T) == 2) value = static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
    if constexpr (sizeof(T) == 4) value = static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
    if constexpr (sizeof(T) == 8) value = static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  }
  return value;
}

/// The ends of our range, and what lies before PostgreSQL's, become infinities.
constexpr std::int64_t pg_time(clock::TimePoint time) {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  const std::int64_t us = clock::unix_us(time);
  if (time == clock::TimePoint::max()) return std::numeric_limits<std::int64_t>::max();
  if (us <= least + epoch_offset_us) return least;
  return us - epoch_offset_us;
}

/// A time beyond our range (after the year 294246) is its end.
constexpr clock::TimePoint from_pg_time(std::int64_t us) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  if (us == std::numeric_limits<std::int64_t>::min()) return clock::TimePoint::min();
  if (us > most - epoch_offset_us) return clock::TimePoint::max();
  return clock::from_unix_us(us + epoch_offset_us);
}

}  // namespace pkg::postgres::encoding
