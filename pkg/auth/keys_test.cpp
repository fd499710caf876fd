#include "pkg/auth/keys.hpp"

#include <gmock/gmock.h>

#include "pkg/auth/jose.hpp"
#include "pkg/auth/tokens_for_tests.hpp"

namespace pkg::auth {
namespace {

using testing::HasSubstr;
using testing::Not;

// The key of RFC 7515, appendix A.3.
constexpr std::string_view rfc_key =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"})";

TEST(SigningKey, SurvivesBeingWrittenDown) {
  const auto key = new_key();
  const auto again = SigningKey::from_private_jwk(key.to_private_jwk());
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(again->kid(), key.kid());
  EXPECT_EQ(again->public_jwk(), key.public_jwk());
}

TEST(SigningKey, IsNamedByItsThumbprintWhateverTheTextSays) {
  const auto key = SigningKey::from_private_jwk(rfc_key);
  ASSERT_TRUE(key);
  // SHA-256 over {"crv":"P-256","kty":"EC","x":"f83O...","y":"x_FE..."}, computed with another tool.
  EXPECT_EQ(key->kid(), "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
  std::string named(rfc_key);
  named.insert(1, R"("kid":"mine",)");
  EXPECT_EQ(SigningKey::from_private_jwk(named)->kid(), key->kid());
}

TEST(SigningKey, PublishesNothingPrivate) {
  const auto key = SigningKey::from_private_jwk(rfc_key);
  EXPECT_THAT(key->jwks(), Not(HasSubstr("jpsQnn")));
  EXPECT_THAT(key->jwks(), Not(HasSubstr("\"d\"")));
  EXPECT_THAT(key->jwks(), HasSubstr("\"alg\":\"ES256\""));
}

TEST(SigningKey, IsNotReadFromATextThatIsNone) {
  const auto other = new_key();
  const auto other_private = parse_object(other.to_private_jwk());
  const auto with = [](std::string_view from, std::string_view to) {
    std::string text(rfc_key);
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("[]"), other.public_jwk(), with("P-256", "P-384"), with("EC", "oct"),
        with("jpsQ", "jps"), with("f83O", "f83P"), with("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI", *text_at(other_private.get(), "d")),
        with("\"d\"", "\"x\"")}) {
    const auto key = SigningKey::from_private_jwk(text);
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error().code, "signing_key_malformed");
    EXPECT_THAT(key.error().detail, Not(HasSubstr("jps")));
  }
}

TEST(ParseJwks, TakesTheUsableKeysAndPassesOverTheOthers) {
  const auto mine = new_key();
  const std::string others[] = {
      mine.public_jwk(),
      R"({"kty":"RSA","kid":"r","n":"AQAB","e":"AQAB"})",
      R"({"kty":"oct","kid":"o","k":"AAAA"})",
      R"({"kty":"EC","crv":"P-256","kid":"off-the-curve","x":"f83PJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
      R"({"kty":"EC","crv":"P-256","kid":"encrypts","use":"enc","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
      R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
      "7",
  };
  const auto keys = parse_jwks(jwks_of(others));
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 1u);
  EXPECT_EQ(keys->front().kid(), mine.kid());
}

TEST(ParseJwks, FailsWhenNothingIsUsable) {
  for (const char* text : {"", "{}", "[]", R"({"keys":7})", R"({"keys":[]})", "<html>", R"({"keys":[],"keys":[]})"}) {
    EXPECT_EQ(parse_jwks(text).error().code, "key_set_malformed") << text;
  }
}

}  // namespace
}  // namespace pkg::auth
