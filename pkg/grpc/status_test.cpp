#include <gtest/gtest.h>

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/support/status.h>

#include "pkg/grpc/status.hpp"
#include "pkg/grpc/test_bed.hpp"

namespace pkg::grpc::testing {
namespace {

using errors::Error;
using errors::ErrorKind;

TEST(Errors, OfEveryKindSurviveTheHop) {
  TestBed bed;
  for (const auto kind : {ErrorKind::malformed, ErrorKind::unauthenticated, ErrorKind::forbidden, ErrorKind::not_found, ErrorKind::conflict,
                          ErrorKind::stale, ErrorKind::rejected, ErrorKind::too_many, ErrorKind::unavailable, ErrorKind::contended}) {
    bed.failure = Error{kind, "code_of_it", "What happened, in a sentence.", "items[0].quantity"};
    const auto answer = bed.call(fail, "", {.retries = 0});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error(), *bed.failure) << static_cast<int>(kind) << " came back as " << static_cast<int>(answer.error().kind);
  }
}

TEST(Errors, OfOurOwnMakingKeepTheirStoryToThemselves) {
  TestBed bed;
  bed.failure = Error{ErrorKind::internal, "projection_broken", "SELECT secret FROM table", {}};
  const auto answer = bed.call(fail);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::internal);
  EXPECT_EQ(answer.error().code, "projection_broken");
  EXPECT_EQ(answer.error().detail, "Something went wrong on our side.");
}

TEST(Errors, NameTheFieldAsGoogleRpcBadRequest) {
  const auto status = to_status({ErrorKind::malformed, "quantity_missing", "Say how many.", "items[0].quantity"});
  EXPECT_EQ(status.error_code(), ::grpc::StatusCode::INVALID_ARGUMENT);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  ASSERT_EQ(details.details_size(), 2);
  EXPECT_EQ(details.details(0).type_url(), "type.googleapis.com/google.rpc.ErrorInfo");
  google::rpc::BadRequest bad;
  ASSERT_TRUE(details.details(1).UnpackTo(&bad));
  EXPECT_EQ(bad.field_violations(0).field(), "items[0].quantity");
  EXPECT_EQ(bad.field_violations(0).description(), "Say how many.");
}

TEST(Errors, OfOtherServersAreTakenForTheNearestKind) {
  using ::grpc::Status;
  using ::grpc::StatusCode;
  EXPECT_EQ(to_error(Status(StatusCode::ALREADY_EXISTS, "taken")), (Error{ErrorKind::conflict, "already_exists", "taken", {}}));
  EXPECT_EQ(to_error(Status(StatusCode::DEADLINE_EXCEEDED, "late")), (Error{ErrorKind::unavailable, "deadline_exceeded", "late", {}}));
  EXPECT_EQ(to_error(Status(StatusCode::UNKNOWN, "?", "not a google.rpc.Status")), (Error{ErrorKind::internal, "unknown", "?", {}}));
}

TEST(Errors, KeepBadUtf8FromBreakingTheAnswer) {
  TestBed bed;
  bed.failure = Error{ErrorKind::rejected, "odd_name", "The name '\xff\xfe' is odd.", {}};
  const auto answer = bed.call(fail);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::rejected);
  EXPECT_EQ(answer.error().detail, "The name '?\?' is odd.");
}

}  // namespace
}  // namespace pkg::grpc::testing
