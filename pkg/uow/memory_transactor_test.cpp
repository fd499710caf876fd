#include "pkg/uow/memory_transactor.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

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

TEST(MemoryTransactor, TakesAUnitBackToTheSavepointBeforeThePartThatFails) {
  MemoryTransactor transactor;
  std::string log;
  std::string order;
  bool failed = false;
  EXPECT_TRUE(transactor.run({}, [&](UnitOfWork& unit) -> Result<> {
    unit.on_failed_part([&](std::size_t part, const errors::Error& error) {
      EXPECT_EQ(part, 3u);
      EXPECT_EQ(error.code, "no");
      return !std::exchange(failed, true);
    });
    for (std::size_t part = unit.resumes_at().value_or(0); part < 5; ++part) {
      if (part % 2 == 0 && part != unit.resumes_at()) unit.savepoint(part);
      unit.begin_part(part, {});
      order += std::to_string(part);
      EXPECT_EQ(memory(unit).notes_of<int>(&transactor)++, static_cast<int>(part));
      memory(unit).after_commit([&] { log += "!"; });
      const bool fits = part != 3 || failed;
      memory(unit).at_commit([=] { return fits ? Result<>() : errors::fail(ErrorKind::conflict, "no", "No."); },
                             [&log, part] { log += std::to_string(part); });
    }
    return {};
  }));
  EXPECT_EQ(order, "01234234");
  EXPECT_EQ(log, "01234!!!!!");
}

TEST(MemoryTransactor, HasNoWayBackWhereNoSavepointStandsBeforeThePart) {
  MemoryTransactor transactor;
  int runs = 0;
  const auto done = transactor.run({}, [&](UnitOfWork& unit) -> Result<> {
    ++runs;
    unit.on_failed_part([](std::size_t, const errors::Error&) { return true; });
    unit.savepoint(1);
    unit.report_failed_part(0);
    return errors::fail(ErrorKind::rejected, "no", "No.");
  });
  EXPECT_EQ(done.error().code, "no");
  EXPECT_EQ(runs, 1);
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
