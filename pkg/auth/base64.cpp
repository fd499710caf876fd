#include "pkg/auth/base64.hpp"

#include <array>

namespace pkg::auth {
namespace {

constexpr std::string_view letters(Base64 alphabet) {
  return alphabet == Base64::url ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                                 : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}

constexpr std::uint8_t no_letter = 0xFF;

constexpr std::array<std::uint8_t, 256> values_of(Base64 alphabet) {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_letter);
  for (std::size_t i = 0; i < 64; ++i) values[static_cast<unsigned char>(letters(alphabet)[i])] = static_cast<std::uint8_t>(i);
  return values;
}

constexpr auto url_values = values_of(Base64::url);
constexpr auto classic_values = values_of(Base64::classic);

}  // namespace

std::string base64_encode(std::span<const std::uint8_t> bytes, Base64 alphabet) {
  const auto letter = letters(alphabet);
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const auto byte : bytes) {
    bits = (bits << 8) | byte;
    for (count += 8; count >= 6;) {
      count -= 6;
      text += letter[(bits >> count) & 63];
    }
  }
  if (count > 0) text += letter[(bits << (6 - count)) & 63];
  return text;
}

std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text, Base64 alphabet) {
  if (text.size() % 4 == 1) return std::nullopt;
  const auto& values = alphabet == Base64::url ? url_values : classic_values;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const auto value = values[static_cast<unsigned char>(c)];
    if (value == no_letter) return std::nullopt;
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<std::uint8_t>(bits >> count));
    }
  }
  const bool has_stray_bits = (bits & ((1U << count) - 1)) != 0;
  return has_stray_bits ? std::nullopt : std::optional(std::move(bytes));
}

}  // namespace pkg::auth
