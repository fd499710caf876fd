#include "pkg/auth/passwords.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <ctime>
#include <fstream>
#include <iostream>
#include <thread>

#include "pkg/auth/password_hash.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::auth {
namespace {

constexpr PasswordCost cheap{.memory_kib = 64, .passes = 1, .lanes = 1};

/// Of all threads: it is not the caller's that computes.
double ms_for(auto run) {
  const auto now = [] { return static_cast<double>(std::clock()) * 1e3 / CLOCKS_PER_SEC; };
  const auto start = now();
  run();
  return now() - start;
}

TEST(PasswordHasher, KnowsThePasswordAgainAndNoOther) {
  PasswordHasher hasher({}, cheap);
  const auto phc = hasher.hash("correct horse").value();
  EXPECT_EQ(hasher.verify("correct horse", phc), true);
  for (const char* other : {"correct hors", "Correct horse", "correct horse ", "x"}) EXPECT_EQ(hasher.verify(other, phc), false) << other;
  EXPECT_NE(hasher.hash("correct horse").value(), phc) << "each hash has its own salt";
}

TEST(PasswordHasher, WritesPhcStringsThatOthersRead) {
  PasswordHasher hasher;
  EXPECT_THAT(hasher.hash("x").value(),
              ::testing::MatchesRegex("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}"));
  // A test vector of argon2's reference implementation.
  EXPECT_EQ(hasher.verify("password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"), true);
}

TEST(PasswordHasher, ReadsACostInItsOneSpellingOnly) {
  PasswordHasher hasher;
  for (const char* cost : {"m=065536,t=2,p=1", "m=65536,t=02,p=1", "m=65536,t=2,p=01"}) {
    const auto verified =
        hasher.verify("password", std::string("$argon2id$v=19$") + cost + "$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
    ASSERT_FALSE(verified) << cost;
    EXPECT_EQ(verified.error().code, "password_hash_malformed");
  }
}

TEST(PasswordHasher, AsksForARehashWhenTheCostHasChanged) {
  PasswordHasher old_hasher({}, cheap);
  PasswordHasher new_hasher({}, {.memory_kib = 128, .passes = 1, .lanes = 1});
  const auto phc = old_hasher.hash("x").value();
  EXPECT_FALSE(old_hasher.needs_rehash(phc));
  EXPECT_TRUE(new_hasher.needs_rehash(phc));
  EXPECT_EQ(new_hasher.verify("x", phc), true);
  EXPECT_TRUE(new_hasher.needs_rehash("rubbish"));
}

TEST(PasswordHasher, TakesOneToAThousandBytes) {
  PasswordHasher hasher({}, cheap);
  const auto phc = hasher.hash(std::string(1024, 'x')).value();
  EXPECT_EQ(hasher.verify(std::string(1024, 'x'), phc), true);
  for (const auto& bad : {std::string(), std::string(1025, 'x')}) {
    EXPECT_EQ(hasher.hash(bad).error().code, "password_length");
    EXPECT_EQ(hasher.verify(bad, phc).error().code, "password_length");
    EXPECT_EQ(hasher.verify_nothing(bad).error().code, "password_length");
  }
  const std::string with_zero("a\0b", 3);
  EXPECT_EQ(hasher.verify("a", hasher.hash(with_zero).value()), false);
}

TEST(PasswordHasher, SaysWhenAStoredHashIsBroken) {
  PasswordHasher hasher({}, cheap);
  const std::string good = hasher.hash("x").value();
  for (const std::string& phc :
       {std::string(), std::string("x"), good.substr(0, good.size() - 30), "$argon2i" + good.substr(9),
        std::string("$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
        std::string("$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
        std::string("$argon2id$v=19$m=8,t=1,p=2$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"), good + "="}) {
    const auto result = hasher.verify("x", phc);
    ASSERT_FALSE(result) << phc;
    EXPECT_EQ(result.error().code, "password_hash_malformed");
    EXPECT_EQ(result.error().kind, errors::ErrorKind::internal);
  }
}

TEST(PasswordHasher, TurnsAwayWhoeverFindsTooManyWaiting) {
  PasswordHasher hasher({.at_once = 1, .waiting = 1});
  std::atomic<int> done = 0;
  std::atomic<int> turned_away = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        const auto result = hasher.verify_nothing("x");
        if (result) {
          ++done;
        } else if (result.error().kind == errors::ErrorKind::too_many && result.error().code == "too_many_sign_ins") {
          ++turned_away;
        }
      });
    }
  }
  EXPECT_EQ(done + turned_away, 8);
  EXPECT_GE(done, 2);
  EXPECT_GE(turned_away, 1) << "eight hashes of 30 ms started at once cannot all have found room";
  EXPECT_TRUE(hasher.verify_nothing("x")) << "there is room again afterwards";
}

TEST(PasswordHasher, SaysBeforehandWhetherThereIsRoom) {
  PasswordHasher hasher({.at_once = 1, .waiting = 0});
  EXPECT_TRUE(hasher.check_room());
  std::jthread busy([&] { EXPECT_TRUE(hasher.verify_nothing("x")); });
  EXPECT_TRUE(pkg::testing::wait_until(
      [&] {
        const auto room = hasher.check_room();
        return !room && room.error().code == "too_many_sign_ins";
      },
      "the hasher to be busy"));
  busy.join();
  EXPECT_TRUE(hasher.check_room());
}

TEST(PasswordHasher, LetsEveryoneHaveTheirTurnWhenThereIsRoom) {
  PasswordHasher hasher({.at_once = 2, .waiting = 100}, cheap);
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 16; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10; ++i) done += hasher.hash("x").has_value() ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(done, 160);
}

TEST(PasswordHasher, IsNotShutOutByABusyMachine) {
  PasswordHasher hasher({.at_once = 1, .waiting = 8});
  std::atomic<bool> over = false;
  std::vector<std::jthread> busy;
  for (unsigned i = 0; i < 2 * std::thread::hardware_concurrency(); ++i) {
    busy.emplace_back([&] {
      while (!over) {
      }
    });
  }
  const auto began = std::chrono::steady_clock::now();
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 3; ++i) callers.emplace_back([&] { done += hasher.verify_nothing("x").has_value() ? 1 : 0; });
  }
  over = true;
  EXPECT_EQ(done, 3);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(8));
}

TEST(PasswordHasher, CostsTheSameForAUserThatDoesNotExist) {
  PasswordHasher hasher;
  const auto phc = hasher.hash("correct horse").value();
  std::vector<double> known, unknown;
  for (int i = 0; i < 7; ++i) {
    known.push_back(ms_for([&] { static_cast<void>(hasher.verify("wrong", phc)); }));
    unknown.push_back(ms_for([&] { static_cast<void>(hasher.verify_nothing("wrong")); }));
  }
  std::ranges::sort(known);
  std::ranges::sort(unknown);
  std::cout << "argon2id 19 MiB, t=2: verify " << known[3] << " ms, nothing " << unknown[3] << " ms, hash "
            << ms_for([&] { static_cast<void>(hasher.hash("x")); }) << " ms of CPU (medians of 7)\n";
  // A shortcut would be off by a factor of thousands.
  EXPECT_GT(unknown[0], known[0] / 3);
  EXPECT_LT(unknown[0], known[0] * 3);
}

TEST(PasswordHasher, GivesItsMemoryBack) {
  const auto resident_kib = [] {
    std::ifstream in("/proc/self/statm");
    std::size_t total = 0, resident = 0;
    in >> total >> resident;
    return resident * 4;
  };
  PasswordHasher hasher;
  const auto before = resident_kib();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(hasher.hash("x"));
  EXPECT_LT(resident_kib(), before + 8 * 1024) << "19 MiB of working memory must not stay";
}

}  // namespace
}  // namespace pkg::auth
