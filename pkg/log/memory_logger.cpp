#include "pkg/log/memory_logger.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pkg::log {

std::string KeptEntry::field(std::string_view key) const {
  for (const auto& [name, value] : fields) {
    if (name == key) return value;
  }
  return {};
}

void MemoryOutput::write(const Entry& entry) noexcept {
  KeptEntry kept{entry.level, std::string(entry.message), {}};
  for (const auto& field : entry.fields) {
    auto text = std::visit([](const auto& value) { return fmt::format("{}", value); }, field.value.held());
    kept.fields.emplace_back(std::string(field.key), std::move(text));
  }
  const std::scoped_lock lock(mutex_);
  entries_.push_back(std::move(kept));
}

std::vector<KeptEntry> MemoryOutput::entries() const {
  const std::scoped_lock lock(mutex_);
  return entries_;
}

bool MemoryLogger::has(Level level, std::string_view message) const {
  const auto all = entries();
  return std::ranges::any_of(all, [&](const KeptEntry& entry) { return entry.level == level && entry.message == message; });
}

}  // namespace pkg::log
