// What people may be called, be reached at and sign in with.

#include "users/internal/domain/credentials.hpp"

#include <gtest/gtest.h>

namespace users::domain {
namespace {

using R = UserRejection;

TEST(Username, IsFoldedToSmallLetters) {
  EXPECT_EQ(read_username("Ann_B.c-9").value(), "ann_b.c-9");
  EXPECT_EQ(read_username("abc").value(), "abc");
  EXPECT_EQ(read_username(std::string(30, 'Z')).value(), std::string(30, 'z'));
}

TEST(Username, HasThreeToThirtyOfItsLettersAndNoOthers) {
  for (const std::string wrong : {"", "ab", "an n", "ann@b", "änn", "ann\n", "ann/b", "ann:b"}) {
    const auto read = read_username(wrong);
    ASSERT_FALSE(read) << wrong;
    EXPECT_EQ(read.error().reason, R::username_not_allowed);
  }
  EXPECT_FALSE(read_username(std::string(31, 'a')));
  EXPECT_FALSE(read_username(std::string("ann\0x", 5)));
}

TEST(Email, CouldBeAnAddress) {
  for (const char* good : {"ann@mall.test", "Ann.B+shop@sub.mall.test", "o'hara@mall.test", "ännchen@müller.test", "a@b.c"}) {
    EXPECT_TRUE(check_email(good)) << good;
  }
}

TEST(Email, NeedsOneAtSignADottedDomainAndNoBlanksOrControls) {
  for (const char* wrong : {"", "ann", "ann@", "@mall.test", "ann@mall", "ann@@mall.test", "ann@mall@x.test", "ann b@mall.test",
                            "ann@mall.test ", "ann@mall.test\r\nBcc: eve@x.test", "ann@.mall.test", "ann@mall.test.", "ann@mall..test",
                            "a,b@mall.test", "Ann <ann@mall.test>", "ann\x7f@mall.test", "ann\xc2\x85@mall.test"}) {
    const auto checked = check_email(wrong);
    ASSERT_FALSE(checked) << wrong;
    EXPECT_EQ(checked.error().reason, R::email_not_allowed);
  }
}

TEST(Email, HasAtMost254Bytes) {
  const std::string domain = "@mall.test";
  EXPECT_TRUE(check_email(std::string(254 - domain.size(), 'a') + domain));
  EXPECT_FALSE(check_email(std::string(255 - domain.size(), 'a') + domain));
}

TEST(Password, HasAtLeastTenCharactersHoweverManyBytesTheyTake) {
  EXPECT_TRUE(check_password("0123456789"));
  EXPECT_EQ(check_password("012345678").error().reason, R::password_too_short);
  EXPECT_EQ(check_password("äöüäöü").error().reason, R::password_too_short) << "six characters, twelve bytes";
  EXPECT_TRUE(check_password("äöüäöüäöüä"));
  EXPECT_EQ(check_password("").error().reason, R::password_too_short);
}

TEST(Password, HasAtMost1024Bytes) {
  EXPECT_TRUE(check_password(std::string(1024, 'x')));
  EXPECT_EQ(check_password(std::string(1025, 'x')).error().reason, R::password_too_long);
}

}  // namespace
}  // namespace users::domain
