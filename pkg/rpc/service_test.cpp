#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "pkg/rpc/invoke.hpp"
#include "pkg/rpc/rpc_test.pb.h"
#include "pkg/rpc/service.hpp"

namespace pkg::rpc {
namespace {

using errors::ErrorKind;
using mallbots::rpctest::v1::Answer;
using mallbots::rpctest::v1::Ask;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr std::string_view roles[] = {"keeper", "chief"};

const google::protobuf::ServiceDescriptor* described(const char* name) { return Ask::descriptor()->file()->FindServiceByName(name); }

errors::Result<Answer> echo(const Call&, const Ask& ask) {
  Answer answer;
  answer.set_text(ask.text());
  return answer;
}

TEST(Service, HasNoFaultsWhenEveryCallIsBoundAndHasARule) {
  Service doors(described("Doors"));
  doors.unary<Ask, Answer>("Open", echo).unary<Ask, Answer>("Hall", echo).unary<Ask, Answer>("Vault", echo);
  EXPECT_THAT(doors.faults(roles), ::testing::IsEmpty());
}

TEST(Service, NamesEverythingThatStandsInTheWayOfServingIt) {
  Service broken(described("Broken"));
  for (const char* name : {"Bare", "Nobody", "NoRole", "Stranger"}) broken.unary<Ask, Answer>(name, echo);
  EXPECT_THAT(broken.faults(roles),
              UnorderedElementsAre(HasSubstr("Broken.Bare: has no access rule"), HasSubstr("Broken.Nobody: access rule 'signed_in: false'"),
                                   HasSubstr("Broken.NoRole: access rule 'roles' names no role"), HasSubstr("unknown role 'burglar'"),
                                   HasSubstr("Broken.Unbound: is not bound"), HasSubstr("Broken.Streams: streams")));
}

TEST(ServiceDeathTest, StopsAtABindingThatTheProtoDoesNotHave) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  Service doors(described("Doors"));
  EXPECT_DEATH((doors.unary<Ask, Answer>("Window", echo)), "has no call 'Window'");
  EXPECT_DEATH((doors.unary<Ask, Answer>("Open", echo).unary<Ask, Answer>("Open", echo)), "Doors.Open is bound twice");
  const auto wrong = [](const Call&, const Answer&) -> errors::Result<Ask> { return Ask{}; };
  EXPECT_DEATH((doors.unary<Answer, Ask>("Open", wrong)), "takes mallbots.rpctest.v1.Ask");
}

TEST(Invoke, RunsTheHandlerOnTheMessages) {
  Service doors(described("Doors"));
  doors.unary<Ask, Answer>("Open", echo);
  Ask ask;
  ask.set_text("sesame");
  Answer answer;
  ASSERT_TRUE(invoke(*doors.find("Open"), Call{}, ask, answer));
  EXPECT_EQ(answer.text(), "sesame");
}

TEST(Invoke, DoesNotBeginACallThatIsTooLate) {
  bool begun = false;
  Service doors(described("Doors"));
  doors.unary<Ask, Answer>("Open", [&](const Call&, const Ask&) -> errors::Result<Answer> {
    begun = true;
    return Answer{};
  });
  Call late;
  late.deadline = std::chrono::steady_clock::now();
  Answer answer;
  EXPECT_EQ(invoke(*doors.find("Open"), late, Ask{}, answer).error().code, "deadline_exceeded");
  EXPECT_FALSE(begun);
}

TEST(Invoke, TurnsAHandlersExceptionIntoAnInternalError) {
  Service doors(described("Doors"));
  doors.unary<Ask, Answer>("Open", [](const Call&, const Ask&) -> errors::Result<Answer> { throw std::runtime_error("hinge"); });
  Answer answer;
  const auto done = invoke(*doors.find("Open"), Call{}, Ask{}, answer);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::internal);
  EXPECT_THAT(done.error().detail, HasSubstr("hinge"));
}

}  // namespace
}  // namespace pkg::rpc
