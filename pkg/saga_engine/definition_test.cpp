#include "pkg/saga_engine/definition.hpp"

#include <gtest/gtest.h>

#include "pkg/saga_engine/state.hpp"
#include "pkg/saga_engine/testing/sample_saga.hpp"

namespace pkg::saga {
namespace {

using std::chrono::seconds;

TEST(SagaDefinition, IsCheckedBeforeItIsUsed) {
  EXPECT_TRUE(check(testing::trip_definition()));
  const auto broken = [](auto change) {
    auto definition = testing::trip_definition();
    change(definition);
    return !check(definition);
  };
  EXPECT_TRUE(broken([](Definition& d) { d.name.clear(); }));
  EXPECT_TRUE(broken([](Definition& d) { d.version = 0; }));
  EXPECT_TRUE(broken([](Definition& d) { d.steps.clear(); }));
  EXPECT_TRUE(broken([](Definition& d) { d.steps[1].name = d.steps[2].name; }));
  EXPECT_TRUE(broken([](Definition& d) { d.steps[1].command = {}; }));
  EXPECT_TRUE(broken([](Definition& d) { d.steps[1].patience.first = seconds{0}; }));
  EXPECT_TRUE(broken([](Definition& d) { d.steps[1].undo_patience.most = seconds{0}; }));
}

TEST(SagaDefinitions, GiveNewSagasTheHighestVersionAndOldOnesTheirOwn) {
  auto one = testing::trip_definition();
  auto two = testing::trip_definition();
  two.version = 2;
  const auto all = Definitions::make({two, one});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->current().version, 2U);
  EXPECT_EQ(all->find(1)->version, 1U);
  EXPECT_EQ(all->find(3), nullptr);
  EXPECT_FALSE(Definitions::make({one, one}));
  EXPECT_FALSE(Definitions::make({}));
  two.name = "Voyage";
  EXPECT_FALSE(Definitions::make({one, two}));
}

TEST(SagaPatience, DoublesItsWaitUpToTheMost) {
  const Patience patience{.first = seconds{2}, .most = seconds{9}};
  EXPECT_EQ(wait_after(patience, 1), seconds{2});
  EXPECT_EQ(wait_after(patience, 2), seconds{4});
  EXPECT_EQ(wait_after(patience, 3), seconds{8});
  EXPECT_EQ(wait_after(patience, 4), seconds{9});
  EXPECT_EQ(wait_after(patience, 4'000'000'000), seconds{9});
}

TEST(SagaWords, AreReadBack) {
  for (const auto s : {Status::not_started, Status::running, Status::compensating, Status::canceling, Status::completed,
                       Status::compensated, Status::canceled}) {
    EXPECT_EQ(status_of(word(s)), s);
  }
  for (const auto p : {Progress::pending, Progress::sent, Progress::done, Progress::failed, Progress::unknown, Progress::undone}) {
    EXPECT_EQ(progress_of(word(p)), p);
  }
  EXPECT_EQ(direction_of("compensation"), Direction::compensation);
  EXPECT_FALSE(status_of("lost"));
}

}  // namespace
}  // namespace pkg::saga
