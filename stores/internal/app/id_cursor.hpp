#pragma once
// The cursor of lists that are in the order of ids. New ids ascend, so that is the order of their making.

#include "pkg/errors/error.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/paging/paging.hpp"

namespace stores::app {

inline pkg::paging::Cursor id_cursor(const pkg::ids::Uuid& last_seen) { return {last_seen.to_string()}; }

/// The nil id, which is before all others, for the first page. Fails with `malformed`, code "malformed_page_token".
inline pkg::errors::Result<pkg::ids::Uuid> read_id_cursor(const pkg::paging::Cursor& cursor) {
  if (cursor.empty()) return pkg::ids::Uuid{};
  if (cursor.size() == 1) {
    if (const auto id = pkg::ids::Uuid::parse(cursor.front())) return *id;
  }
  return pkg::errors::fail(pkg::errors::ErrorKind::malformed, "malformed_page_token",
                           "Use nextPageToken of the page before, unchanged, with the same filters.", "pageToken");
}

}  // namespace stores::app
