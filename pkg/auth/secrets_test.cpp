#include "pkg/auth/secrets.hpp"

#include <gmock/gmock.h>

#include <set>

#include "pkg/auth/base64.hpp"

namespace pkg::auth {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

TEST(RandomToken, Is32BytesOfBase64urlAndNeverTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const auto token = random_token();
    ASSERT_EQ(base64_decode(token).value().size(), 32u) << token;
    ASSERT_TRUE(seen.insert(token).second);
  }
}

TEST(TokenDigest, IsSha256InHexadecimal) {
  EXPECT_EQ(token_digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(token_digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(EqualInConstantTime, ComparesContentAndLength) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

TEST(Base64, WritesTheVectorsOfRfc4648WithoutPadding) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(base64_encode(bytes_of(plain)), text);
    EXPECT_THAT(base64_decode(text).value(), testing::ElementsAreArray(bytes_of(plain)));
  }
  EXPECT_EQ(base64_encode(bytes_of("\xff\xef\xbe")), "_---");
  EXPECT_EQ(base64_encode(bytes_of("\xff\xef\xbe"), Base64::classic), "/+++");
}

TEST(Base64, ReadsOnlyTheOneSpelling) {
  for (const char* text : {"Z", "Zh", "Zm9", "Zg==", "Zm 9v", "Zm9v\n", "Zm9/", "Zm9vY"}) EXPECT_FALSE(base64_decode(text)) << text;
  EXPECT_FALSE(base64_decode("Zm9-", Base64::classic));
}

}  // namespace
}  // namespace pkg::auth
