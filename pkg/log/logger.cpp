#include "pkg/log/logger.hpp"

#include <algorithm>
#include <array>

namespace pkg::log {
namespace {

constexpr std::array<std::pair<Level, std::string_view>, 4> names = {
    {{Level::debug, "debug"}, {Level::info, "info"}, {Level::warn, "warn"}, {Level::error, "error"}}};

bool contains_in_any_case(std::string_view text, std::string_view lower_word) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; };
  return std::search(text.begin(), text.end(), lower_word.begin(), lower_word.end(), same) != text.end();
}

bool names_a_secret(std::string_view key) {
  constexpr std::array<std::string_view, 5> words = {"password", "secret", "token", "authorization", "cookie"};
  return std::ranges::any_of(words, [&](std::string_view word) { return contains_in_any_case(key, word); });
}

Value safe(const Field& field) {
  const bool is_text = std::holds_alternative<std::string_view>(field.value.held());
  return is_text && names_a_secret(field.key) ? Value("***") : field.value;
}

}  // namespace

std::string_view level_name(Level level) { return names[static_cast<std::size_t>(level)].second; }

std::optional<Level> parse_level(std::string_view name) {
  for (const auto& [level, word] : names) {
    if (word == name) return level;
  }
  return std::nullopt;
}

Logger::Logger(Output& output, const clock::Clock& clock, std::string service, Level least)
    : output_(&output), clock_(&clock), service_(std::move(service)), least_(least) {}

Logger Logger::with(Fields fields) const {
  Logger other = *this;
  for (const auto& field : fields) {
    auto owned = std::visit(
        [](const auto& value) -> Owned {
          if constexpr (std::same_as<std::remove_cvref_t<decltype(value)>, std::string_view>) {
            return std::string(value);
          } else {
            return value;
          }
        },
        safe(field).held());
    other.context_.emplace_back(std::string(field.key), std::move(owned));
  }
  return other;
}

void Logger::log(Level level, std::string_view message, const errors::Error* failure, Fields fields) const {
  if (!is_enabled(level)) return;
  Entry entry{.time = clock_->now(), .level = level, .service = service_, .message = message, .fields = {}};
  entry.fields.reserve(context_.size() + fields.size() + 3);
  for (const auto& [key, owned] : context_) {
    entry.fields.push_back({key, std::visit([](const auto& value) { return Value(value); }, owned)});
  }
  if (failure != nullptr) {
    entry.fields.push_back({"code", failure->code});
    entry.fields.push_back({"detail", failure->detail});
    if (!failure->field.empty()) entry.fields.push_back({"field", failure->field});
  }
  for (const auto& field : fields) entry.fields.push_back({field.key, safe(field)});
  output_->write(entry);
}

}  // namespace pkg::log
