#include "pkg/ids/uuid.hpp"

#include <cstring>

namespace pkg::ids {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr bool dash_follows(std::size_t byte) { return byte == 3 || byte == 5 || byte == 7 || byte == 9; }

}  // namespace

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  std::size_t at = 0;
  for (std::size_t byte = 0; byte < bytes.size(); ++byte) {
    const int high = hex_value(text[at]);
    const int low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[byte] = static_cast<std::uint8_t>(high * 16 + low);
    at += 2;
    if (dash_follows(byte) && text[at++] != '-') return std::nullopt;
  }
  return Uuid{bytes};
}

std::optional<Uuid> Uuid::from_bytes(std::string_view bytes) {
  std::array<std::uint8_t, 16> copy{};
  if (bytes.size() != copy.size()) return std::nullopt;
  std::memcpy(copy.data(), bytes.data(), copy.size());
  return Uuid{copy};
}

std::string Uuid::to_string() const {
  std::string text;
  text.reserve(36);
  for (std::size_t byte = 0; byte < bytes_.size(); ++byte) {
    text.push_back(hex[bytes_[byte] >> 4]);
    text.push_back(hex[bytes_[byte] & 0x0f]);
    if (dash_follows(byte)) text.push_back('-');
  }
  return text;
}

}  // namespace pkg::ids

std::size_t std::hash<pkg::ids::Uuid>::operator()(const pkg::ids::Uuid& id) const noexcept {
  // The last eight bytes of a version 7 id are random, so they are a hash already.
  std::size_t value = 0;
  std::memcpy(&value, id.bytes().data() + 8, sizeof value);
  return value;
}
