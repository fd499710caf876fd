#pragma once
// Inside pkg/auth only.

#include <array>
#include <cstdint>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "pkg/auth/tokens.hpp"

namespace pkg::auth {

/// Tokens whose signature was found good, by their SHA-256, the least recently used one leaving first. Whether a token's time has come or
/// its key is gone is for the caller to check.
class TokenCache {
 public:
  using Digest = std::array<std::uint8_t, 32>;
  struct Verified {
    std::string kid;
    Claims claims;
  };

  explicit TokenCache(std::size_t capacity) : capacity_(capacity) {}

  std::optional<Verified> find(const Digest& token);
  void put(const Digest& token, Verified verified);
  void forget(const Digest& token);
  std::size_t size() const;

 private:
  struct Hash {
    std::size_t operator()(const Digest& digest) const noexcept {
      std::size_t hash = 0;
      std::memcpy(&hash, digest.data(), sizeof hash);  // a good hash already
      return hash;
    }
  };
  using Entries = std::list<std::pair<Digest, Verified>>;

  std::size_t capacity_;
  mutable std::mutex mutex_;
  Entries entries_;  // the most recently used one first
  std::unordered_map<Digest, Entries::iterator, Hash> index_;
};

}  // namespace pkg::auth
