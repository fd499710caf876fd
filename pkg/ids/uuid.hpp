#pragma once
// UUIDs (RFC 9562). New ones are version 7: their order is the order of their making, which keeps index pages warm.

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pkg::ids {

class Uuid {
 public:
  constexpr Uuid() = default;
  explicit constexpr Uuid(const std::array<std::uint8_t, 16>& bytes) : bytes_(bytes) {}

  /// Reads the 36-character form, upper or lower case; nothing else is accepted.
  static std::optional<Uuid> parse(std::string_view text);

  /// The 36-character form in lower case.
  std::string to_string() const;

  /// Reads the sixteen bytes themselves; nothing where they are more or fewer.
  static std::optional<Uuid> from_bytes(std::string_view bytes);
  std::string to_bytes() const { return {bytes_.begin(), bytes_.end()}; }

  constexpr const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  constexpr bool is_nil() const { return *this == Uuid{}; }

  friend constexpr auto operator<=>(const Uuid&, const Uuid&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// Where new ids come from. Passed in, so that a test or a simulation decides them.
class IdSource {
 public:
  virtual ~IdSource() = default;
  /// A new id, different from all others. Safe to call from any thread.
  virtual Uuid next() = 0;
};

}  // namespace pkg::ids

template <>
struct std::hash<pkg::ids::Uuid> {
  std::size_t operator()(const pkg::ids::Uuid& id) const noexcept;
};
