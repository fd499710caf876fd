#pragma once

#include <chrono>
#include <memory>

#include "pkg/log/logger.hpp"

namespace pkg::log {

enum class Format { json, text };

struct StreamOptions {
  int descriptor = 2;  ///< 1 = stdout, 2 = stderr; stays the caller's
  Format format = Format::json;
  /// How long one entry may wait for a reader that does not read.
  std::chrono::milliseconds patience{200};
};

/// Writes each entry as one line, at once and in the calling thread: what was logged before a crash is out. When the reader does not
/// read (a full pipe), the entry waits for `patience`, then it is dropped, and the following ones are dropped without waiting until
/// there is room again; then a line says how many are missing. So a log that nobody reads does not stop the service.
std::unique_ptr<Output> stream_output(const StreamOptions& options);

}  // namespace pkg::log
