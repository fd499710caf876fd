#pragma once
// For the tests of pkg/auth: a signer, its verifier, and the parts that tokens are forged from.

#include <string>
#include <string_view>

#include "pkg/auth/base64.hpp"
#include "pkg/auth/tokens.hpp"

namespace pkg::auth {

inline SigningKey new_key() { return std::move(*SigningKey::generate()); }

inline std::string encoded(std::string_view text) {
  return base64_encode({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

struct Issuer {
  clock::ManualClock clock;
  Signer signer{new_key()};
  KeySet keys{[this] { return errors::Result<std::string>(signer.key().jwks()); }, clock};
  Verifier verifier{keys, clock, {.issuer = "https://mall.test", .audience = "mallbots"}};

  Claims claims() const {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock.now());
    return {.subject = "ann",
            .roles = {"shopper", "owner"},
            .session = "s-1",
            .issued_at = now,
            .expires_at = now + std::chrono::minutes{15},
            .issuer = "https://mall.test",
            .audience = "mallbots"};
  }
  std::string token() const { return signer.issue(claims()).value(); }
};

}  // namespace pkg::auth
