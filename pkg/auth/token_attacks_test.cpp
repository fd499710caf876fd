// What a verifier must refuse, a line per attack. Each forgery is the good token but for one thing, and where it can be it is signed with
// the right key, so that nothing but the rule in question stands in its way.

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <random>

#include "pkg/auth/jose.hpp"
#include "pkg/auth/tokens_for_tests.hpp"

namespace pkg::auth {
namespace {

constexpr std::string_view good_claims =
    R"({"iss":"https://mall.test","sub":"ann","aud":"mallbots","iat":1700000000,"exp":1700000900,"roles":["shopper"],"sid":"s"})";

class TokenAttacks : public testing::Test {
 protected:
  std::string header(std::string_view alg, std::string_view more = "") const {
    return R"({"alg":")" + std::string(alg) + R"(","kid":")" + issuer.signer.key().kid() + R"(","typ":"at+jwt")" + std::string(more) + "}";
  }

  /// Signed as cjose does it, whatever header and payload say.
  std::string signed_with(const SigningKey& key, const std::string& header_json, std::string_view payload) const {
    const auto jwk_text = key.to_private_jwk();
    const Jwk jwk(cjose_jwk_import(jwk_text.data(), jwk_text.size(), nullptr));
    const Header head(reinterpret_cast<cjose_header_t*>(json_loads(header_json.c_str(), 0, nullptr)));
    const Jws jws(cjose_jws_sign(jwk.get(), head.get(), reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size(), nullptr));
    const char* compact = nullptr;
    return jws && cjose_jws_export(jws.get(), &compact, nullptr) ? compact : "";
  }
  std::string with_claims(std::string_view payload) const { return signed_with(issuer.signer.key(), header("ES256"), payload); }
  static std::string without(std::string_view piece, std::string_view replacement = "") {
    std::string claims(good_claims);
    claims.replace(claims.find(piece), piece.size(), replacement);
    return claims;
  }

  void expect_refused(std::string_view attack, std::string_view token) {
    ASSERT_FALSE(token.empty()) << attack << ": the forgery could not be made";
    for (int i = 0; i < 2; ++i) {
      const auto result = issuer.verifier.verify(token);
      ASSERT_FALSE(result) << attack;
      EXPECT_EQ(result.error().kind, errors::ErrorKind::unauthenticated) << attack;
      EXPECT_EQ(result.error().code, "token_invalid") << attack;
      EXPECT_FALSE(result.error().detail.empty()) << attack;
      EXPECT_EQ(result.error().detail.find("ann"), std::string::npos) << attack;
    }
  }

  Issuer issuer;
};

TEST_F(TokenAttacks, TheForgersToolsMakeGoodTokensToo) {
  EXPECT_TRUE(issuer.verifier.verify(with_claims(good_claims)));
  EXPECT_TRUE(issuer.verifier.verify(with_claims(without(R"("aud":"mallbots")", R"("aud":["x","mallbots"])"))));
}

TEST_F(TokenAttacks, OnTheAlgorithmAreRefused) {
  const auto payload = encoded(good_claims);
  const auto signature = issuer.token().substr(issuer.token().rfind('.') + 1);
  for (const char* alg : {"none", "None", "NONE", "", "ES384", "RS256", "es256"}) {
    expect_refused(std::string("alg ") + alg, encoded(header(alg)) + "." + payload + ".");
    expect_refused(std::string("alg ") + alg + " with a signature", encoded(header(alg)) + "." + payload + "." + signature);
  }
  // HS256 keyed with what everybody can read: the public key.
  const auto input = encoded(header("HS256")) + "." + payload;
  for (const auto& secret : {issuer.signer.key().public_jwk(), issuer.signer.key().jwks(), issuer.signer.key().kid(), std::string()}) {
    unsigned char mac[32];
    unsigned length = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(input.data()), input.size(),
         mac, &length);
    expect_refused("HS256 with the public key", input + "." + base64_encode({mac, length}));
  }
  expect_refused("no alg", encoded(R"({"typ":"at+jwt"})") + "." + payload + "." + signature);
  expect_refused("alg twice", encoded(R"({"alg":"none",)" + header("ES256").substr(1)) + "." + payload + "." + signature);
  expect_refused("alg as a number", encoded(R"({"alg":1,"typ":"at+jwt","kid":"x"})") + "." + payload + "." + signature);
}

TEST_F(TokenAttacks, OnTheKeyAreRefused) {
  const auto foreign = new_key();
  expect_refused("a foreign key under our kid", signed_with(foreign, header("ES256"), good_claims));
  expect_refused("a foreign key under its own kid", foreign.sign(good_claims).value());
  expect_refused("a foreign key in the header", signed_with(foreign, header("ES256", ",\"jwk\":" + foreign.public_jwk()), good_claims));
  expect_refused("a place to get the key from", signed_with(foreign, header("ES256", R"(,"jku":"https://evil.test/jwks")"), good_claims));
  expect_refused("no kid", signed_with(issuer.signer.key(), R"({"alg":"ES256","typ":"at+jwt"})", good_claims));
  expect_refused("kid as a path", signed_with(foreign, R"({"alg":"ES256","typ":"at+jwt","kid":"../../dev/null"})", good_claims));
  expect_refused("an extension that must be understood",
                 signed_with(issuer.signer.key(), header("ES256", R"(,"crit":["exp"])"), good_claims));
  expect_refused(
      "another kind of token",
      signed_with(issuer.signer.key(), R"({"alg":"ES256","typ":"JWT","kid":")" + issuer.signer.key().kid() + "\"}", good_claims));
}

TEST_F(TokenAttacks, OnTheSignatureAreRefused) {
  const auto token = issuer.token();
  const auto cut = token.rfind('.') + 1;
  const auto head = token.substr(0, cut);
  const auto signature = *base64_decode(token.substr(cut));
  expect_refused("no signature", head);
  expect_refused("zeros (CVE-2022-21449)", head + base64_encode(std::vector<std::uint8_t>(64)));
  expect_refused("short", head + base64_encode({signature.data(), 63}));
  auto longer = signature;
  longer.push_back(0);
  longer.insert(longer.begin() + 32, 0);
  expect_refused("both halves longer", head + base64_encode(longer));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    auto flipped = signature;
    flipped[i] ^= 1;
    expect_refused("flipped bit in byte " + std::to_string(i), head + base64_encode(flipped));
  }
  auto changed = issuer.claims();
  changed.roles = {"operator"};
  const auto other = issuer.signer.issue(changed).value();
  expect_refused("another token's signature", other.substr(0, other.rfind('.') + 1) + token.substr(cut));
  expect_refused("stray bits in the last letter",
                 token.substr(0, token.size() - 1) + static_cast<char>(token.back() == 'Z' ? 'Y' : token.back() + 1));
  expect_refused("padding", token + "==");
}

TEST_F(TokenAttacks, OnTheClaimsAreRefused) {
  expect_refused("another issuer", with_claims(without("https://mall.test", "https://evil.test")));
  expect_refused("no issuer", with_claims(without(R"("iss":"https://mall.test",)")));
  expect_refused("another audience", with_claims(without(R"("aud":"mallbots")", R"("aud":"bank")")));
  expect_refused("audience in a mixed list", with_claims(without(R"("aud":"mallbots")", R"("aud":[1,"mallbots"])")));
  expect_refused("no audience", with_claims(without(R"("aud":"mallbots",)")));
  expect_refused("no subject", with_claims(without(R"("sub":"ann",)")));
  expect_refused("empty subject", with_claims(without("ann")));
  expect_refused("subject as a number", with_claims(without(R"("ann")", "1")));
  expect_refused("no end", with_claims(without(R"("exp":1700000900,)")));
  expect_refused("end as text", with_claims(without("1700000900", R"("1700000900")")));
  expect_refused("end as a fraction", with_claims(without("1700000900", "1.7e9")));
  expect_refused("end beyond all time", with_claims(without("1700000900", "9223372036854775807")));
  expect_refused("end too large for a number", with_claims(without("1700000900", "99999999999999999999")));
  expect_refused("negative end", with_claims(without("1700000900", "-1")));
  expect_refused("issued in the future", with_claims(without("1700000000", "1700000031")));
  expect_refused("not before a later time", with_claims(without(R"("exp")", R"("nbf":1700000031,"exp")")));
  expect_refused("not before no time", with_claims(without(R"("exp")", R"("nbf":"now","exp")")));
  expect_refused("roles that are numbers", with_claims(without(R"(["shopper"])", R"(["shopper",7])")));
  expect_refused("roles as one text", with_claims(without(R"(["shopper"])", R"("operator")")));
  expect_refused("no roles", with_claims(without(R"("roles":["shopper"],)")));
  expect_refused("session as a list", with_claims(without(R"("sid":"s")", R"("sid":["s"])")));
  expect_refused("a claim twice", with_claims(without(R"("sub":"ann")", R"("sub":"ann","sub":"root")")));
  expect_refused("a claim twice, deeper", with_claims(without(R"("sub")", R"("x":{"a":1,"a":2},"sub")")));
  expect_refused("a zero byte in the subject", with_claims(without("ann", R"(ann\u0000root)")));
  expect_refused("text behind the end", with_claims(std::string(good_claims) + "{}"));
  expect_refused("a list", with_claims("[1]"));
  expect_refused("not UTF-8", with_claims(without("ann", "\xff")));
  expect_refused("very deep", with_claims(std::string(4'000, '[')));
}

TEST_F(TokenAttacks, OnTheFormAreRefused) {
  const auto token = issuer.token();
  const auto first = token.find('.');
  for (const std::string& rubbish :
       {std::string("."), std::string(".."), std::string("..."), std::string("a.b.c"), std::string("\0\0\0", 3), token.substr(1),
        token + "." + token, token.substr(0, token.rfind('.')), " " + token, token + "\n", "Bearer " + token, token.substr(first),
        std::string(100, '.'), std::string(8'000, 'A')}) {
    expect_refused("form " + rubbish.substr(0, 20), rubbish);
  }
  EXPECT_FALSE(issuer.verifier.verify(""));
  std::string long_claims(good_claims);
  long_claims.insert(1, R"("pad":")" + std::string(8'192, 'x') + "\",");
  expect_refused("over-long but well signed", with_claims(long_claims));
}

TEST_F(TokenAttacks, NoneOfManyRandomChangesPassesOrCrashes) {
  std::mt19937 random(42);
  const auto token = issuer.token();
  for (int i = 0; i < 2'000; ++i) {
    auto changed = token;
    for (auto n = 1 + random() % 3; n > 0; --n) {
      const auto at = random() % changed.size();
      switch (random() % 3) {
        case 0: changed[at] = static_cast<char>(random()); break;
        case 1: changed.erase(at, 1 + random() % 8); break;
        case 2: changed.insert(at, 1, static_cast<char>(random())); break;
        default: break;
      }
      if (changed.empty()) break;
    }
    EXPECT_EQ(issuer.verifier.verify(changed).has_value(), changed == token) << changed;
  }
}

}  // namespace
}  // namespace pkg::auth
