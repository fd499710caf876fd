#pragma once
// How an entry looks: pure functions from an entry to a line without its line feed.

#include <string>

#include "pkg/log/entry.hpp"

namespace pkg::log {

/// {"time":"2026-01-02T03:04:05.000006Z","level":"info","service":"baskets","message":"...", fields ...}. A field that bears one of
/// these four names gets an underscore in front; of two fields of one name both are written. Bytes that are not UTF-8 become U+FFFD.
std::string render_json(const Entry& entry);

/// For people: 03:04:05.000 INFO  baskets  message  key=value. Control characters are escaped, so that a value cannot fake a line.
std::string render_text(const Entry& entry);

/// RFC 3339 in UTC with microseconds.
std::string rfc3339(clock::TimePoint time);

}  // namespace pkg::log
