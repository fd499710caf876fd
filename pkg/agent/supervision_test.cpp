#include "pkg/agent/supervision.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "pkg/testing/notify_socket.hpp"

namespace pkg::agent {
namespace {

constexpr int me = 77;
const std::vector<std::string> one{"baskets"}, three{"baskets", "stores", "users"};

TEST(PassedSockets, AreNoneWhereNothingIsPassedOrAnotherProcessIsMeant) {
  for (const auto& passing : {Passing{}, Passing{"1", "", ""}, Passing{"", "77", ""}, Passing{"1", "78", ""}, Passing{"0", "77", ""}}) {
    const auto sockets = read_passing(passing, me, one);
    ASSERT_TRUE(sockets) << sockets.error().detail;
    EXPECT_TRUE(sockets->empty());
  }
}

TEST(PassedSockets, NeedNoNameWhereThereIsOneOfOneService) {
  for (const auto* name : {"", "baskets", "mall-baskets.socket"})
    EXPECT_EQ(*read_passing({"1", "77", name}, me, one), (PassedSockets{{"baskets", 3}}));
}

TEST(PassedSockets, AreFoundByTheirNames) {
  EXPECT_EQ(*read_passing({"2", "77", "users:baskets"}, me, three), (PassedSockets{{"users", 3}, {"baskets", 4}}));
}

TEST(PassedSockets, AreRefusedWhereItIsNotClearWhoseTheyAre) {
  for (const auto& passing : {Passing{"x", "77", ""}, Passing{"1", "me", ""}, Passing{"-1", "77", ""}, Passing{"1", "77", ""},
                              Passing{"2", "77", "users"}, Passing{"2", "77", "users:search"}, Passing{"2", "77", "users:users"}})
    EXPECT_FALSE(read_passing(passing, me, three)) << passing.count << " " << passing.names;
}

class Notification : public ::testing::Test {
 protected:
  Notification() {
    std::string folder = (std::filesystem::temp_directory_path() / "notify-XXXXXX").string();
    EXPECT_NE(::mkdtemp(folder.data()), nullptr);
    path_ = std::filesystem::path(folder) / "socket";
  }
  ~Notification() override {
    ::unsetenv("NOTIFY_SOCKET");
    std::filesystem::remove_all(path_.parent_path());
  }

  std::filesystem::path path_;
};

TEST_F(Notification, SaysTheWordAndWhoSaysIt) {
  pkg::testing::NotifySocket supervisor(path_);
  ::setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  notify_supervisor("STOPPING");
  EXPECT_FALSE(supervisor.is_ready(::getpid()));
  notify_supervisor("READY");
  EXPECT_TRUE(supervisor.is_ready(::getpid()));
  EXPECT_FALSE(supervisor.is_ready(1));
}

TEST_F(Notification, IsNothingWithoutASupervisor) {
  notify_supervisor("READY");
  ::setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  notify_supervisor("READY");
  ::setenv("NOTIFY_SOCKET", std::string(300, 'x').c_str(), 1);
  notify_supervisor("READY");
}

}  // namespace
}  // namespace pkg::agent
