#include "pkg/auth/key_set.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "pkg/auth/tokens_for_tests.hpp"

namespace pkg::auth {
namespace {

using namespace std::chrono_literals;

class KeySets : public testing::Test {
 protected:
  errors::Result<std::string> fetch() {
    ++fetches;
    if (is_away) return errors::fail(errors::ErrorKind::unavailable, "users_away", "users is away");
    return published;
  }
  bool has(const SigningKey& key) {
    const auto found = keys.find(key.kid());
    return found && *found != nullptr;
  }

  clock::ManualClock clock;
  SigningKey first = new_key();
  SigningKey second = new_key();
  std::string published = first.jwks();
  std::atomic<bool> is_away = false;
  std::atomic<int> fetches = 0;
  KeySet keys{[this] { return fetch(); }, clock};
};

TEST_F(KeySets, FetchOnceForManyQuestions) {
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(has(first));
  EXPECT_EQ(fetches, 1);
}

TEST_F(KeySets, FetchAgainForAnUnknownKeyButNotMoreOftenThanEveryFewSeconds) {
  EXPECT_TRUE(has(first));
  const std::string both[] = {first.public_jwk(), second.public_jwk()};
  published = jwks_of(both);
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(has(second));
  EXPECT_EQ(fetches, 1) << "a flood of foreign keys must not become a flood of fetches";
  clock.advance(5s);
  EXPECT_TRUE(has(second));
  EXPECT_TRUE(has(first));
  EXPECT_EQ(fetches, 2);
}

TEST_F(KeySets, LetAWithdrawnKeyGo) {
  EXPECT_TRUE(has(first));
  published = second.jwks();
  clock.advance(10min);
  EXPECT_FALSE(has(first));
  EXPECT_TRUE(has(second));
}

TEST_F(KeySets, GoOnWithWhatTheyHaveWhileTheSourceIsAway) {
  EXPECT_TRUE(has(first));
  is_away = true;
  for (int i = 0; i < 20; ++i) {
    clock.advance(10min);
    EXPECT_TRUE(has(first));
  }
  EXPECT_EQ(keys.find("other").error().kind, errors::ErrorKind::unavailable);
  is_away = false;
  published = "<html>a proxy's error page</html>";
  clock.advance(10min);
  EXPECT_TRUE(has(first)) << "rubbish from the source must not cost the keys";
}

TEST_F(KeySets, TryAnAbsentSourceAgainAfterAWhile) {
  is_away = true;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(keys.find(first.kid()).error().code, "keys_unavailable");
  EXPECT_EQ(fetches, 1);
  is_away = false;
  clock.advance(5s);
  EXPECT_TRUE(has(first));
}

TEST(KeySet, AnswersAllWhoWaitFromOneFetch) {
  clock::ManualClock clock;
  const auto key = new_key();
  std::atomic<int> fetches = 0;
  std::latch all_ask(8);
  KeySet keys(
      [&] {
        ++fetches;
        all_ask.wait();
        return errors::Result<std::string>(key.jwks());
      },
      clock);
  std::atomic<int> found = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        all_ask.count_down();
        if (const auto result = keys.find(key.kid()); result && *result) ++found;
      });
    }
  }
  EXPECT_EQ(found, 8);
  EXPECT_EQ(fetches, 1);
}

}  // namespace
}  // namespace pkg::auth
