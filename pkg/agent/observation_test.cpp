#include "pkg/agent/observation.hpp"

#include <gtest/gtest.h>

#include "pkg/log/memory_logger.hpp"

namespace pkg::agent {
namespace {

using messaging::the_broker;
using messaging::the_database;

class Observation : public ::testing::Test {
 protected:
  metrics::Registry registry;
  log::MemoryLogger logger;
  MessagingObservation observation{registry, logger};
};

TEST_F(Observation, MissesTheDatabaseUntilEveryPartHasItAgain) {
  EXPECT_FALSE(observation.misses_database());
  observation.reaches("relay", the_database, false);
  observation.reaches("consumer", the_database, false);
  observation.reaches("relay", the_database, true);
  EXPECT_TRUE(observation.misses_database());
  observation.reaches("consumer", the_database, true);
  EXPECT_FALSE(observation.misses_database());
}

TEST_F(Observation, DoesNotTakeAnAbsentBrokerOrALeadForTheDatabase) {
  observation.reaches("relay", the_broker, false);
  observation.noted("pump", "stands by");
  EXPECT_FALSE(observation.misses_database());
}

TEST_F(Observation, LogsALossAndItsEnd) {
  observation.reaches("relay", the_broker, false);
  observation.reaches("relay", the_broker, true);
  EXPECT_TRUE(logger.has(log::Level::warn, "messaging waits"));
  EXPECT_TRUE(logger.has(log::Level::info, "messaging goes on"));
}

}  // namespace
}  // namespace pkg::agent
