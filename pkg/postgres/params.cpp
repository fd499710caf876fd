#include "pkg/postgres/params.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "pkg/postgres/encoding.hpp"

namespace pkg::postgres {
namespace {

using namespace encoding;

template <class T>
std::string one(T value) {
  std::string out;
  put(out, value);
  return out;
}

std::string_view view(const ids::Uuid& id) { return {reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()}; }

/// One dimension from 1 on, no nulls; `append` writes an element's bytes.
template <class T, class Append>
std::string array_of(std::uint32_t element_oid, std::span<const T> elements, Append append) {
  std::string out;
  out.reserve(20 + elements.size() * 20);
  put<std::int32_t>(out, elements.empty() ? 0 : 1);
  put<std::int32_t>(out, 0);
  put<std::uint32_t>(out, element_oid);
  if (elements.empty()) return out;
  put<std::int32_t>(out, static_cast<std::int32_t>(elements.size()));
  put<std::int32_t>(out, 1);
  for (const T& element : elements) append(out, element);
  return out;
}

void append_bytes(std::string& out, std::string_view bytes) {
  put<std::int32_t>(out, static_cast<std::int32_t>(bytes.size()));
  out.append(bytes);
}

void append_int64(std::string& out, std::int64_t value) {
  put<std::int32_t>(out, sizeof value);
  put(out, value);
}

std::uint32_t array_oid_of(std::uint32_t element) {
  switch (element) {
    case bool_oid: return bool_array_oid;
    case bytea_oid: return bytea_array_oid;
    case int8_oid: return int8_array_oid;
    case text_oid: return text_array_oid;
    case timestamptz_oid: return timestamptz_array_oid;
    case uuid_oid: return uuid_array_oid;
    default: break;
  }
  std::fprintf(stderr, "pkg/postgres: no array is made of values of the type %u\n", element);
  std::abort();
}

}  // namespace

Param::Param(std::int64_t value) : Param(int8_oid, one(value)) {}
Param::Param(bool value) : Param(bool_oid, std::string(1, value ? '\1' : '\0')) {}
Param::Param(std::string_view text) : Param(text_oid, std::string(text)) {}
Param::Param(const ids::Uuid& id) : Param(uuid_oid, std::string(view(id))) {}
Param::Param(clock::TimePoint time) : Param(timestamptz_oid, one(pg_time(time))) {}

Param Param::bytea(std::string_view bytes) { return {bytea_oid, std::string(bytes)}; }

Param Param::jsonb(std::string_view json) {
  std::string out(1, jsonb_version);
  out.append(json);
  return {jsonb_oid, std::move(out)};
}

Param Param::array(std::span<const std::string> texts) { return {text_array_oid, array_of(text_oid, texts, append_bytes)}; }

Param Param::array(std::span<const std::int64_t> numbers) { return {int8_array_oid, array_of(int8_oid, numbers, append_int64)}; }

Param Param::array(std::span<const ids::Uuid> ids) {
  return {uuid_array_oid, array_of(uuid_oid, ids, [](std::string& out, const ids::Uuid& id) { append_bytes(out, view(id)); })};
}

Param Param::bytea_array(std::span<const std::string> blobs) { return {bytea_array_oid, array_of(bytea_oid, blobs, append_bytes)}; }

Param Param::array(std::span<const clock::TimePoint> times) {
  return {timestamptz_array_oid,
          array_of(timestamptz_oid, times, [](std::string& out, clock::TimePoint time) { append_int64(out, pg_time(time)); })};
}

Param Param::column(std::span<const Params* const> rows, std::size_t place) {
  const std::uint32_t element = (*rows.front())[place].oid;
  std::size_t size = 20 + rows.size() * sizeof(std::int32_t);
  bool has_nulls = false;
  for (const Params* row : rows) {
    const auto& bytes = (*row)[place].bytes;
    if (bytes) size += bytes->size();
    has_nulls = has_nulls || !bytes;
  }
  std::string out;
  out.reserve(size);
  put<std::int32_t>(out, 1);
  put<std::int32_t>(out, has_nulls ? 1 : 0);
  put<std::uint32_t>(out, element);
  put<std::int32_t>(out, static_cast<std::int32_t>(rows.size()));
  put<std::int32_t>(out, 1);
  for (const Params* row : rows) {
    if (const auto& bytes = (*row)[place].bytes) {
      append_bytes(out, *bytes);
    } else {
      put<std::int32_t>(out, -1);
    }
  }
  return {array_oid_of(element), std::move(out)};
}

}  // namespace pkg::postgres
