#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "pkg/grpc/raw_calls.hpp"
#include "pkg/grpc/status.hpp"
#include "pkg/grpc/test_bed.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::grpc::testing {
namespace {

using namespace std::chrono_literals;
using errors::ErrorKind;

TEST(Limits, AnUnknownMethodOrServiceIsUnimplemented) {
  TestBed bed;
  ::grpc::ByteBuffer answer;
  for (const char* path : {"/mallbots.grpctest.v1.Desk/Sleep", "/mallbots.grpctest.v1.Bed/Echo", "/nonsense"}) {
    EXPECT_EQ(raw_unary(bed.target(), path, "", &answer).error_code(), ::grpc::StatusCode::UNIMPLEMENTED) << path;
  }
}

TEST(Limits, BytesThatAreNoMessageAreMalformed) {
  TestBed bed;
  ::grpc::ByteBuffer answer;
  const std::string not_utf8 = "\x0a\x02\xff\xfe";
  for (const std::string& bytes : {std::string("\xff\xff\xff garbage"), std::string("\x0a\x7f short"), not_utf8}) {
    const auto status = raw_unary(bed.target(), "/mallbots.grpctest.v1.Desk/Echo", bytes, &answer);
    EXPECT_EQ(status.error_code(), ::grpc::StatusCode::INVALID_ARGUMENT) << bytes;
    EXPECT_EQ(to_error(status).code, "payload_malformed");
  }
}

TEST(Limits, ARequestMayHaveAMebibyteAndNoMore) {
  TestBed bed;
  Ask ask;
  ask.set_ballast(std::string((1 << 20) - 16, 'x'));
  EXPECT_TRUE((bed.client().call<Ask, Answer>(echo, ask)));
  ask.set_ballast(std::string(1 << 20, 'x'));
  const auto refused = bed.client().call<Ask, Answer>(echo, ask);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::too_many);
  EXPECT_EQ(refused.error().code, "resource_exhausted");
}

TEST(Limits, CallsThatFindTheQueueFullAreRefusedAtOnce) {
  TestBed bed({.threads = 1, .queue = 1});
  auto running = std::async(std::launch::async, [&] { return bed.call(hold, "", {.timeout = 10s}); });
  ASSERT_TRUE(bed.gate.wait_for_waiting(1)) << "the first call never reached its handler";
  auto one = std::async(std::launch::async, [&] { return bed.call(echo, "", {.timeout = 10s}); });
  auto other = std::async(std::launch::async, [&] { return bed.call(echo, "", {.timeout = 10s}); });
  // One of the two has the queue's only place, whichever came first; the other is answered while the worker is still held.
  const auto until = std::chrono::steady_clock::now() + patience;
  while (one.wait_for(1ms) != std::future_status::ready && other.wait_for(1ms) != std::future_status::ready) {
    ASSERT_LT(std::chrono::steady_clock::now(), until) << "neither call was refused";
  }
  bed.gate.open();
  const auto a = one.get();
  const auto b = other.get();
  EXPECT_TRUE(running.get());
  ASSERT_NE(a.has_value(), b.has_value());
  const auto& refused = a ? b.error() : a.error();
  EXPECT_EQ(refused.kind, ErrorKind::too_many);
  EXPECT_EQ(refused.code, "overloaded");
}

TEST(Limits, ACallThatWaitedTooLongIsNotBegun) {
  TestBed bed({.threads = 1, .queue = 8});
  auto running = std::async(std::launch::async, [&] { return bed.call(hold, "", {.timeout = 10s}); });
  ASSERT_TRUE(bed.gate.wait_for_waiting(1)) << "the first call never reached its handler";
  EXPECT_EQ(bed.call(hold, "", {.timeout = 50ms}).error().code, "deadline_exceeded");
  // The server counts from the call's arrival, which was before now.
  const auto late = std::chrono::steady_clock::now() + 50ms;
  pkg::testing::wait_until([&] { return std::chrono::steady_clock::now() > late; }, "the server's own deadline for the call");
  bed.gate.open();
  EXPECT_TRUE(running.get());
  EXPECT_TRUE(bed.call(echo)) << "comes after the late one in the queue";
  EXPECT_EQ(bed.gate.came(), 1) << "the late call was begun";
}

TEST(Observer, SeesEachCallOnceWithTheWholeError) {
  std::mutex mutex;
  std::vector<std::string> seen;
  BedOptions options;
  options.server.observer = [&](const rpc::Finished& done) {
    const std::scoped_lock lock(mutex);
    seen.push_back(done.method.name() + " " + (done.error == nullptr ? "ok" : done.error->detail) + " " + done.call.cause.correlation_id);
  };
  TestBed bed(options);
  bed.failure = errors::Error{ErrorKind::internal, "broken", "the whole story", {}};
  CallOptions call;
  call.cause.correlation_id = "r-1";
  EXPECT_TRUE(bed.call(echo, "", call));
  EXPECT_FALSE(bed.call(fail, "", call));
  const std::scoped_lock lock(mutex);
  EXPECT_EQ(seen, (std::vector<std::string>{"Echo ok r-1", "Fail the whole story r-1"}));
}

}  // namespace
}  // namespace pkg::grpc::testing
