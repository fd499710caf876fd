#include "pkg/agent/named.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pkg::agent {
namespace {

class Called final : public Blueprint {
 public:
  explicit Called(std::string_view name) : name_(name) {}
  std::string_view service() const override { return name_; }
  std::string_view defaults() const override { return ""; }
  void declare(config::Spec&) override {}
  std::unique_ptr<Agent> build(const Process&) override { return nullptr; }
  std::chrono::milliseconds stop_within() const override { return {}; }
  log::Format log_format() const override { return {}; }

 private:
  const std::string_view name_;
};

std::vector<std::string> run_as(std::string_view started_as) {
  std::vector<std::unique_ptr<Blueprint>> blueprints;
  for (const auto* name : {"users", "stores", "baskets"}) blueprints.push_back(std::make_unique<Called>(name));
  std::vector<std::string> names;
  for (const auto& blueprint : named(started_as, std::move(blueprints))) names.emplace_back(blueprint->service());
  return names;
}

TEST(Named, IsTheServiceThatTheProgramIsCalledLike) {
  for (const auto* started_as : {"stores", "./stores", "/usr/bin/stores", "build/baskets/stores"})
    EXPECT_EQ(run_as(started_as), std::vector<std::string>{"stores"}) << started_as;
}

TEST(Named, AreAllWhereNoneIsCalledSo) {
  const std::vector<std::string> all{"users", "stores", "baskets"};
  for (const auto* started_as : {"mallbots", "bin/mallbots", "/usr/stores/mallbots", "store", "stores2", "stores/", ""})
    EXPECT_EQ(run_as(started_as), all) << started_as;
}

}  // namespace
}  // namespace pkg::agent
