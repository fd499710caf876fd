// The relay's core against a database, a broker and readers that misbehave at random: whatever happens, every row comes to every reader or
// is there for it, nothing leaves before its commit, and each key leaves in the order of its commits.

#include "pkg/messaging/relay/relay_world.hpp"

namespace pkg::messaging {
namespace {

using relay_test::World;

TEST(RelayAtRandom, LosesNothingKeepsEachKeyInOrderAndWaitsForTheCommit) {
  std::size_t committed = 0, refills = 0, spilled = 0, spared = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world(seed);
    for (int i = 0; i < 1500; ++i) world.step();
    world.settle();
    world.check();
    committed += world.committed();
    refills += world.refills();
    spilled += world.spilled();
    spared += world.spared();
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(committed, 10'000u);
  EXPECT_GT(refills, 100u);
  EXPECT_GT(spilled, 100u);
  EXPECT_GT(spared, 500u) << "rows that need not be published again";
}

}  // namespace
}  // namespace pkg::messaging
