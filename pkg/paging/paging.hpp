#pragma once
// Lists in pages. A page token is opaque to the caller: the position after the last item it has seen (keyset paging), so that a list
// that grows meanwhile neither repeats nor skips what was there.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/ids/uuid.hpp"

namespace pkg::paging {

constexpr int default_page_size = 20;
constexpr int max_page_size = 100;

/// The sort key of the last item seen, most significant part first, as the store that made it wants it.
using Cursor = std::vector<std::string>;

struct Page {
  int size = default_page_size;
  Cursor after;  ///< empty: from the beginning
};

template <class T>
struct Slice {
  std::vector<T> items;
  Cursor next;  ///< empty: there is no more
};

/// Reads `pageSize` (0 is the default) and `pageToken` of a request. The cursor has `parts` parts. Fails with `malformed`, codes
/// "page_size_out_of_range" and "malformed_page_token".
errors::Result<Page> read_page(std::int32_t page_size, std::string_view page_token, std::size_t parts);

/// The token for a cursor; empty for an empty one.
std::string write_token(const Cursor& cursor);

/// The commonest cursor, of two parts: a time, and an id among those of the same time.
struct TimeAndId {
  clock::TimePoint time;
  ids::Uuid id;
};
Cursor time_and_id(clock::TimePoint time, const ids::Uuid& id);
/// Fails with `malformed`, code "malformed_page_token", where the cursor is another's.
errors::Result<TimeAndId> read_time_and_id(const Cursor& cursor);

/// Cuts what a store read, one item more than asked for, to the page and says where the next one begins.
template <class T, class CursorOf>
Slice<T> cut(std::vector<T> items, int size, CursorOf cursor_of) {
  Slice<T> slice{std::move(items), {}};
  if (slice.items.size() > static_cast<std::size_t>(size)) {
    slice.items.resize(static_cast<std::size_t>(size));
    slice.next = cursor_of(slice.items.back());
  }
  return slice;
}

}  // namespace pkg::paging
