#include "pkg/saga_engine/message_id.hpp"

#include <array>
#include <string_view>

#include "pkg/ids/uuid.hpp"

namespace pkg::saga {
namespace {

constexpr std::uint64_t mix(std::uint64_t h) {
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdULL;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return h ^ (h >> 33);
}

class Hash {
 public:
  void add(std::uint64_t value) {
    low_ = mix(low_ ^ value) * 0x9e3779b97f4a7c15ULL;
    high_ = mix(high_ + value) ^ low_;
  }
  void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));  // so that ("ab", "c") is not ("a", "bc")
    for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
  }
  std::uint64_t low() const { return mix(low_); }
  std::uint64_t high() const { return mix(high_); }

 private:
  std::uint64_t low_ = 0xcbf29ce484222325ULL;
  std::uint64_t high_ = 0x6c62272e07bb0142ULL;
};

}  // namespace

std::string message_id(const State& saga, std::size_t step, Direction direction, std::uint32_t round) {
  Hash hash;
  hash.add(saga.name);
  hash.add(saga.id);
  hash.add(static_cast<std::uint64_t>(step));
  hash.add(direction == Direction::forward ? std::uint64_t{0} : std::uint64_t{1});
  hash.add(static_cast<std::uint64_t>(round));
  std::array<std::uint8_t, 16> bytes{};
  const auto ms = static_cast<std::uint64_t>(clock::unix_ms(saga.started_at));
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
  for (std::size_t i = 0; i < 2; ++i) bytes[6 + i] = static_cast<std::uint8_t>(hash.high() >> (8 * i));
  for (std::size_t i = 0; i < 8; ++i) bytes[8 + i] = static_cast<std::uint8_t>(hash.low() >> (8 * i));
  bytes[6] = static_cast<std::uint8_t>(0x70 | (bytes[6] & 0x0f));
  bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));
  return ids::Uuid{bytes}.to_string();
}

}  // namespace pkg::saga
