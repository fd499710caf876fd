#include "pkg/uow/memory_transactor.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pkg::uow {
namespace {

using errors::ErrorKind;
using errors::Result;

MemoryUnitOfWork& memory(UnitOfWork& unit) { return dynamic_cast<MemoryUnitOfWork&>(unit); }

TEST(MemoryTransactor, AppliesEverythingOrNothing) {
  MemoryTransactor transactor;
  std::string log;
  const auto write_both = [&](bool second_fits) {
    return transactor.run({}, [&](UnitOfWork& unit) -> Result<> {
      memory(unit).at_commit({}, [&] { log += "a"; });
      memory(unit).at_commit([=] { return second_fits ? Result<>() : errors::fail(ErrorKind::conflict, "no", "No."); },
                             [&] { log += "b"; });
      memory(unit).after_commit([&] { log += "!"; });
      EXPECT_EQ(log, "") << "nothing happens before the commit";
      return {};
    });
  };
  EXPECT_EQ(write_both(false).error().code, "no");
  EXPECT_EQ(log, "");
  EXPECT_TRUE(write_both(true));
  EXPECT_EQ(log, "ab!");
}

TEST(MemoryTransactor, RunsContendedWorkAgainOnAFreshUnit) {
  MemoryTransactor transactor;
  int attempts = 0;
  int applied = 0;
  EXPECT_TRUE(transactor.run({"correlation", {}, {}}, [&](UnitOfWork& unit) -> Result<> {
    EXPECT_EQ(unit.cause().correlation_id, "correlation");
    EXPECT_EQ(memory(unit).notes_of<int>(&transactor)++, 0);
    const bool clash = ++attempts < 3;
    memory(unit).at_commit([=] { return clash ? errors::fail(ErrorKind::contended, "contended", "Again.") : Result<>(); },
                           [&] { ++applied; });
    return {};
  }));
  EXPECT_EQ(attempts, 3);
  EXPECT_EQ(applied, 1);
}

TEST(MemoryTransactor, GivesUpAfterAllAttemptsWereContended) {
  MemoryTransactor transactor;
  int attempts = 0;
  const auto done = transactor.run({}, [&](UnitOfWork&) -> Result<> {
    ++attempts;
    return errors::fail(ErrorKind::contended, "contended", "Again.");
  });
  EXPECT_EQ(done.error().kind, ErrorKind::contended);
  EXPECT_EQ(attempts, Transactor::max_attempts);
}

TEST(MemoryTransactor, DoesNotRunOtherFailuresAgain) {
  MemoryTransactor transactor;
  int attempts = 0;
  const auto done = transactor.run({}, [&](UnitOfWork&) -> Result<> {
    ++attempts;
    return errors::fail(ErrorKind::unavailable, "away", "Away.");
  });
  EXPECT_EQ(done.error().code, "away");
  EXPECT_EQ(attempts, 1);
}

}  // namespace
}  // namespace pkg::uow
