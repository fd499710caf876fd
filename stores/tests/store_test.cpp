// The rules of a store: given what has happened, when somebody does something, then this happens or is refused.

#include "stores/internal/domain/store.hpp"

#include <gtest/gtest.h>

#include <set>

#include "pkg/es/testing/given_when_then.hpp"
#include "pkg/ids/id_sources.hpp"

namespace stores::domain {
namespace {

using pkg::es::testing::Given;
using R = StoreRejection;

UserId user(std::uint64_t n) { return UserId{pkg::ids::CountingIds::nth(n)}; }

const Actor ann{user(1)};
const Actor bob{user(2)};
const Actor operator_{user(3), true};

const StoreEvent created = StoreCreated{ann.user, "North", "Hall 1"};
const Given<Store> nothing{};
const Given<Store> away{created};
const Given<Store> participating{created, StoreParticipationEnabled{}};

auto create_it(std::string name = "North", std::string location = "Hall 1") {
  return [=](const Store& store) { return create_store(store, ann, name, location); };
}
auto rebrand_by(const Actor& actor, std::string name) {
  return [=](const Store& store) { return rebrand(store, actor, name); };
}
auto enable_by(const Actor& actor) {
  return [=](const Store& store) { return enable_participation(store, actor); };
}
auto disable_by(const Actor& actor) {
  return [=](const Store& store) { return disable_participation(store, actor); };
}

TEST(CreateStore, MakesTheCallerItsOwnerAndDoesNotParticipateYet) {
  nothing.when(create_it()).then({created});
  EXPECT_EQ(away.state(), (Store{true, ann.user, "North", "Hall 1", false}));
}

TEST(CreateStore, DoesNothingTheSecondTime) { away.when(create_it()).then({}); }

TEST(CreateStore, NeedsANameAndALocationOfSensibleLength) {
  const std::string longest(max_name_bytes, 'x');
  nothing.when(create_it(" \t\n")).rejects(R::store_name_blank);
  nothing.when(create_it(longest + "x")).rejects(R::store_name_too_long);
  nothing.when(create_it("North", "")).rejects(R::store_location_blank);
  nothing.when(create_it("North", longest + "x")).rejects(R::store_location_too_long);
  nothing.when(create_it(longest, longest)).then({StoreCreated{ann.user, longest, longest}});
}

TEST(RebrandStore, ChangesTheNameForItsOwnerAndForAnOperator) {
  for (const auto& actor : {ann, operator_}) away.when(rebrand_by(actor, "South")).then({StoreRebranded{"South"}});
  EXPECT_EQ((Given<Store>{created, StoreRebranded{"South"}}.state().name), "South");
}

TEST(RebrandStore, DoesNothingWhereTheNameIsTheSame) { away.when(rebrand_by(ann, "North")).then({}); }

TEST(RebrandStore, IsRefusedToOthersAndWithoutAProperName) {
  nothing.when(rebrand_by(ann, "South")).rejects(R::no_such_store);
  away.when(rebrand_by(bob, "")).rejects(R::not_your_store);
  away.when(rebrand_by(ann, " ")).rejects(R::store_name_blank);
  away.when(rebrand_by(ann, std::string(max_name_bytes + 1, 'x'))).rejects(R::store_name_too_long);
}

TEST(Participation, GoesOnAndOffAndStaysWhatItIsWhenAskedAgain) {
  away.when(enable_by(ann)).then({StoreParticipationEnabled{}});
  away.when(disable_by(ann)).then({});
  participating.when(enable_by(operator_)).then({});
  participating.when(disable_by(operator_)).then({StoreParticipationDisabled{}});
  EXPECT_TRUE(participating.state().participating);
  EXPECT_FALSE((Given<Store>{created, StoreParticipationEnabled{}, StoreParticipationDisabled{}}.state().participating));
}

TEST(Participation, IsNobodyElsesBusiness) {
  nothing.when(enable_by(ann)).rejects(R::no_such_store);
  nothing.when(disable_by(ann)).rejects(R::no_such_store);
  away.when(enable_by(bob)).rejects(R::not_your_store);
  participating.when(disable_by(bob)).rejects(R::not_your_store);
}

TEST(StoreRejection, EachHasACodeOfItsOwn) {
  std::set<std::string> codes;
  for (int reason = 0; reason <= static_cast<int>(R::store_location_too_long); ++reason) {
    const auto error = to_error({static_cast<R>(reason), "Why."});
    EXPECT_EQ(error.detail, "Why.");
    EXPECT_TRUE(codes.insert(error.code).second) << error.code;
  }
}

}  // namespace
}  // namespace stores::domain
