#pragma once
// For tests: a logger that keeps what it is told.

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/log/logger.hpp"

namespace pkg::log {

struct KeptEntry {
  Level level = Level::info;
  std::string message;
  std::vector<std::pair<std::string, std::string>> fields;  ///< values as text, in order

  /// Empty when there is no such field.
  std::string field(std::string_view key) const;
};

class MemoryOutput final : public Output {
 public:
  void write(const Entry& entry) noexcept override;
  std::vector<KeptEntry> entries() const;

 private:
  mutable std::mutex mutex_;
  std::vector<KeptEntry> entries_;
};

namespace detail {
// A base, so that it is made before the Logger that refers to it.
struct MemoryLoggerParts {
  clock::SystemClock clock;
  MemoryOutput output;
};
}  // namespace detail

class MemoryLogger final : private detail::MemoryLoggerParts, public Logger {
 public:
  explicit MemoryLogger(Level least = Level::debug) : Logger(output, clock, "test", least) {}
  MemoryLogger(const MemoryLogger&) = delete;
  MemoryLogger& operator=(const MemoryLogger&) = delete;

  std::vector<KeptEntry> entries() const { return output.entries(); }
  bool has(Level level, std::string_view message) const;
};

}  // namespace pkg::log
