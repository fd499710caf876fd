#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <google/protobuf/descriptor.pb.h>

#include "pkg/grpc/raw_calls.hpp"
#include "pkg/grpc/reflection.hpp"
#include "pkg/grpc/test_bed.hpp"

namespace pkg::grpc::testing {
namespace {

using mallbots::grpc::v1::ReflectionRequest;
using mallbots::grpc::v1::ReflectionResponse;
using mallbots::grpctest::v1::HealthAnswer;
using mallbots::grpctest::v1::HealthAsk;

constexpr auto reflection = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
constexpr int serving = 1;
constexpr int not_serving = 2;

/// The status that health checking gives, or 0 where it gives none.
int health(TestBed& bed, const std::string& service) {
  HealthAsk ask;
  ask.set_service(service);
  ::grpc::ByteBuffer bytes;
  if (!raw_unary(bed.target(), "/grpc.health.v1.Health/Check", ask.SerializeAsString(), &bytes).ok()) return 0;
  ::grpc::Slice slice;
  if (!bytes.DumpToSingleSlice(&slice).ok()) return 0;
  HealthAnswer answer;
  return answer.ParseFromArray(slice.begin(), static_cast<int>(slice.size())) ? answer.status() : 0;
}

TEST(Reflection, ListsTheServicesAndTheirMethods) {
  TestBed bed;
  ReflectionRequest list;
  list.set_list_services("*");
  ReflectionResponse listed;
  ASSERT_TRUE(raw_exchange(bed.target(), reflection, list, &listed).ok());
  std::vector<std::string> names;
  for (const auto& service : listed.services().service()) names.push_back(service.name());
  EXPECT_THAT(names, ::testing::IsSupersetOf({"mallbots.grpctest.v1.Desk", "grpc.health.v1.Health"}));

  ReflectionRequest describe;
  describe.set_file_containing_symbol("mallbots.grpctest.v1.Desk");
  ReflectionResponse described;
  ASSERT_TRUE(raw_exchange(bed.target(), reflection, describe, &described).ok());
  std::vector<std::string> methods;
  for (const auto& bytes : described.files().file()) {
    google::protobuf::FileDescriptorProto file;
    ASSERT_TRUE(file.ParseFromString(bytes));
    for (const auto& service : file.service()) {
      if (service.name() != "Desk") continue;
      for (const auto& method : service.method()) methods.push_back(method.name());
    }
  }
  EXPECT_THAT(methods, ::testing::ElementsAre("Echo", "Fail", "Hold", "Member", "Back"));
}

TEST(Reflection, GivesAFileWithAllThatItImports) {
  ReflectionRequest by_name;
  by_name.set_file_by_filename("pkg/grpc/grpc_test.proto");
  const auto response = reflect(by_name, {});
  std::vector<std::string> files;
  for (const auto& bytes : response.files().file()) {
    google::protobuf::FileDescriptorProto file;
    ASSERT_TRUE(file.ParseFromString(bytes));
    files.push_back(file.name());
  }
  EXPECT_THAT(files,
              ::testing::UnorderedElementsAre("pkg/grpc/grpc_test.proto", "pkg/rpc/access.proto", "google/protobuf/descriptor.proto"));
}

TEST(Reflection, KnowsExtensions) {
  constexpr auto options = "google.protobuf.MethodOptions";
  ReflectionRequest numbers;
  numbers.set_all_extension_numbers_of_type(options);
  EXPECT_THAT(reflect(numbers, {}).extension_numbers().number(), ::testing::Contains(50001));
  ReflectionRequest one;
  one.mutable_file_containing_extension()->set_containing_type(options);
  one.mutable_file_containing_extension()->set_number(50001);
  EXPECT_EQ(reflect(one, {}).files().file_size(), 2);
}

TEST(Reflection, SaysWhatItDoesNotKnow) {
  ReflectionRequest symbol;
  symbol.set_file_containing_symbol("mallbots.Nobody");
  EXPECT_EQ(reflect(symbol, {}).error().code(), 5);
  EXPECT_EQ(reflect(ReflectionRequest{}, {}).error().code(), 3);
}

TEST(Health, FollowsReadiness) {
  TestBed bed;
  for (const char* service : {"", "mallbots.grpctest.v1.Desk"}) {
    SCOPED_TRACE(service);
    bed.server().set_serving(false);
    EXPECT_EQ(health(bed, service), not_serving);
    bed.server().set_serving(true);
    EXPECT_EQ(health(bed, service), serving);
  }
  EXPECT_EQ(health(bed, "mallbots.grpctest.v1.Nobody"), 0);
}

TEST(Health, IsNotServingUntilSomebodySaysSo) {
  TestBed bed;
  EXPECT_EQ(health(bed, ""), not_serving);
}

}  // namespace
}  // namespace pkg::grpc::testing
