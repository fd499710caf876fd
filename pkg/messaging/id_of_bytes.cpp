#include "pkg/messaging/id_of_bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include "pkg/ids/uuid.hpp"

namespace pkg::messaging {

std::string id_of_bytes(std::string_view bytes) {
  // FNV-1a, twice with different multipliers: doubles must meet, an attacker is not expected here.
  std::array<std::uint8_t, 16> id{};
  std::uint64_t low = 0xcbf29ce484222325, high = low;
  for (const char c : bytes) {
    low = (low ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    high = (high ^ static_cast<std::uint8_t>(c)) * 0x9e3779b97f4a7c15;
  }
  for (std::size_t i = 0; i < 8; ++i) {
    id[i] = static_cast<std::uint8_t>(high >> (8 * i));
    id[8 + i] = static_cast<std::uint8_t>(low >> (8 * i));
  }
  id[6] = static_cast<std::uint8_t>(0x80 | (id[6] & 0x0f));  // version 8: made in a way of our own (RFC 9562)
  id[8] = static_cast<std::uint8_t>(0x80 | (id[8] & 0x3f));
  return ids::Uuid(id).to_string();
}

}  // namespace pkg::messaging
