#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/grpc/test_bed.hpp"

namespace pkg::grpc::testing {
namespace {

using errors::ErrorKind;

struct Case {
  const char* method;
  const char* token;    // empty: none
  const char* refused;  // the error's code, empty: allowed
  ErrorKind kind = ErrorKind::internal;
};

TEST(Access, IsDecidedByTheRuleInTheProto) {
  const Case cases[] = {
      {"Echo", "", ""},
      {"Echo", "stolen", ""},
      {"Echo", "guest", ""},
      {"Member", "", "not_signed_in", ErrorKind::unauthenticated},
      {"Member", "stolen", "token_invalid", ErrorKind::unauthenticated},
      {"Member", "guest", ""},
      {"Back", "", "not_signed_in", ErrorKind::unauthenticated},
      {"Back", "guest", "role_missing", ErrorKind::forbidden},
      {"Back", "clerk", ""},
  };
  TestBed bed;
  for (const auto& [method, who, refused, kind] : cases) {
    SCOPED_TRACE(std::string(method) + " with token '" + who + "'");
    const auto client = bed.client(*who == '\0' ? TokenSource{} : token(who));
    const auto answer = client.call<Ask, Answer>(std::string("mallbots.grpctest.v1.Desk.") + method, Ask{});
    if (*refused == '\0') {
      EXPECT_TRUE(answer) << answer.error().code;
      continue;
    }
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, refused);
    EXPECT_EQ(answer.error().kind, kind);
  }
}

TEST(Access, TellsTheHandlerWhoCalls) {
  TestBed bed;
  const auto answer = bed.client(token("clerk")).call<Ask, Answer>(echo, Ask{});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->caller(), "c-1");
}

TEST(Access, HoldsBackACallWhoseTokenCannotBeHad) {
  TestBed bed;
  const auto client = bed.client(
      []() -> errors::Result<std::string> { return errors::fail(ErrorKind::unavailable, "no_token", "The token service is away."); });
  const auto answer = client.call<Ask, Answer>(echo, Ask{});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "no_token");
}

TEST(Server, DoesNotStartWithACallThatHasNoRule) {
  rpc::Service unruly(described("Unruly"));
  unruly.unary<Ask, Answer>("Bare", [](const rpc::Call&, const Ask&) -> errors::Result<Answer> { return Answer{}; });
  rpc::Workers workers("test", {.threads = 1, .queue_limit = 1});
  ids::CountingIds ids;
  const rpc::Service* const services[] = {&unruly};
  const auto server = Server::start({}, services, {authenticate, workers, ids});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, "service_faults");
  EXPECT_THAT(server.error().detail, ::testing::HasSubstr("Unruly.Bare: has no access rule"));
}

TEST(Server, DoesNotShareAPortWithAnother) {
  TestBed first;
  rpc::Workers workers("test", {.threads = 1, .queue_limit = 1});
  ids::CountingIds ids;
  const auto second = Server::start({.address = first.target()}, {}, {authenticate, workers, ids});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "cannot_listen");
}

}  // namespace
}  // namespace pkg::grpc::testing
