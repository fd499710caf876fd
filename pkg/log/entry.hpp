#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pkg/clock/clock.hpp"

namespace pkg::log {

enum class Level { debug, info, warn, error };

std::string_view level_name(Level level);
std::optional<Level> parse_level(std::string_view name);

/// A field's value: text, a number or true/false. config::Secret does not convert to any of them.
class Value {
 public:
  using Held = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  template <class T>
    requires(std::convertible_to<T, std::string_view> && !std::same_as<std::remove_cvref_t<T>, std::nullptr_t>)
  Value(const T& text) : held_(std::string_view(text)) {}  // NOLINT: implicit, so that a call reads as a table
  template <std::integral T>
  Value(T number) {  // NOLINT
    if constexpr (std::same_as<T, bool>) {
      held_ = number;
    } else if constexpr (std::signed_integral<T>) {
      held_ = static_cast<std::int64_t>(number);
    } else {
      held_ = static_cast<std::uint64_t>(number);
    }
  }
  Value(double number) : held_(number) {}  // NOLINT

  const Held& held() const { return held_; }

 private:
  Held held_;
};

/// Borrowed for the length of the call that takes it.
struct Field {
  std::string_view key;
  Value value;
};

/// What an output gets; everything in it is borrowed.
struct Entry {
  clock::TimePoint time;
  Level level = Level::info;
  std::string_view service;
  std::string_view message;
  std::vector<Field> fields;  ///< the context's first, then the call's
};

}  // namespace pkg::log
