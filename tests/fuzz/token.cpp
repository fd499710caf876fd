// Tokens and keys. Input: a token; after "p", a payload that the test key signs; after "k", a JWKS; after "s", a private JWK.
// The test key is the published example of RFC 7515, appendix A.3, and signs nothing but the tokens here.

#include <memory>

#include "pkg/auth/tokens.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using namespace pkg::auth;
namespace errors = pkg::errors;

constexpr std::string_view test_key = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                                      R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",)"
                                      R"("d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})";

struct Issuer {
  pkg::clock::ManualClock clock;
  SigningKey key = std::move(SigningKey::from_private_jwk(test_key).value());
  Signer signer{std::move(SigningKey::from_private_jwk(test_key).value())};
  KeySet keys{[this] { return errors::Result<std::string>(key.jwks()); }, clock};
  Verifier verifier{keys, clock, {.issuer = "https://mall.test", .audience = "mallbots", .remembered_tokens = 0}};
  /// What is signed of the only token that is out: its header and content.
  std::string issued = signed_part(signer.issue(claims()).value());

  Claims claims() const {
    const auto now = clock.now();
    return {.subject = "ann",
            .roles = {"shopper", "owner"},
            .session = "s-1",
            .issued_at = now,
            .expires_at = now + std::chrono::minutes{15},
            .issuer = "https://mall.test",
            .audience = "mallbots"};
  }
  static std::string signed_part(std::string_view token) { return std::string(token.substr(0, token.rfind('.'))); }
};

Issuer& issuer() {
  static Issuer issuer;
  return issuer;
}

void verify(std::string_view token) {
  const auto claims = issuer().verifier.verify(token);
  if (!claims) {
    fuzz::promise(claims.error().kind == errors::ErrorKind::unauthenticated, "a bad token is nobody's");
    return fuzz::promise_error(claims.error(), {"token_invalid", "token_expired"});
  }
  fuzz::promise_same(Issuer::signed_part(token), issuer().issued, "a token that is taken is one that was issued");
  fuzz::promise(*claims == issuer().claims(), "a token says what it was issued with");
}

/// Whoever has the key may write what he likes: what is taken of it is what a signer of ours would issue.
void verify_signed(std::string_view payload) {
  auto& [clock, key, signer, keys, verifier, issued] = issuer();
  const auto token = key.sign(payload);
  if (!token) return fuzz::promise_error(token.error(), {"not_signed", "token_not_signed"});
  const auto claims = verifier.verify(*token);
  if (!claims) return fuzz::promise_error(claims.error(), {"token_invalid", "token_expired"});
  fuzz::promise(claims->issuer == "https://mall.test" && claims->audience == "mallbots", "a token is from our issuer and for us");
  fuzz::promise(!claims->subject.empty(), "a token is somebody's");
  if (claims->expires_at <= claims->issued_at) return;  // within the leeway of two clocks; no signer of ours issues it
  const auto again = signer.issue(*claims);
  fuzz::promise(again.has_value(), "what is taken can be issued");
  fuzz::promise(verifier.verify(*again) == *claims, "what is issued is taken and says the same");
}

void read_key_set(std::string_view text) {
  const auto keys = parse_jwks(text);
  if (!keys) return fuzz::promise_error(keys.error(), {"key_set_malformed"});
  fuzz::promise(!keys->empty(), "a key set has a key");
  for (const auto& key : *keys) fuzz::promise(!key.kid().empty() && key.jwk() != nullptr, "a key has an id and is one");
}

void read_private_key(std::string_view text) {
  const auto key = SigningKey::from_private_jwk(text);
  if (!key) return fuzz::promise_error(key.error(), {"signing_key_malformed"});
  const auto again = SigningKey::from_private_jwk(key->to_private_jwk());
  fuzz::promise(again && again->kid() == key->kid() && again->jwks() == key->jwks(), "a key is written and read to the same");
  const auto public_half = parse_jwks(key->jwks());
  fuzz::promise(public_half && public_half->size() == 1 && public_half->front().kid() == key->kid(),
                "a key's public half is for others to read");
  fuzz::promise(key->jwks().find("\"d\"") == std::string::npos, "the public half does not hold the private one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::as_text(data, size);
  if (text.starts_with('p')) {
    verify_signed(text.substr(1));
  } else if (text.starts_with('k')) {
    read_key_set(text.substr(1));
  } else if (text.starts_with('s')) {
    read_private_key(text.substr(1));
  } else {
    verify(text);
  }
  return 0;
}
