#include "pkg/auth/secrets.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/random.h>

#include <cerrno>
#include <cstdlib>

#include "pkg/auth/base64.hpp"

namespace pkg::auth {

void fill_random(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto got = getrandom(bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) std::abort();
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

std::string random_token() {
  std::array<std::uint8_t, 32> bytes{};
  fill_random(bytes);
  return base64_encode(bytes);
}

std::array<std::uint8_t, 32> sha256(std::string_view text) {
  // SHA256() looks the algorithm up by its name each time, which takes several times what the digest of a token does.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::array<std::uint8_t, 32> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, algorithm, nullptr) != 1 || size != digest.size()) std::abort();
  return digest;
}

std::string token_digest(std::string_view token) {
  const auto digest = sha256(token);
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace pkg::auth
