#include "notifications/internal/domain/notification.hpp"

#include <gtest/gtest.h>

#include "pkg/ids/id_sources.hpp"

namespace notifications::domain {
namespace {

using namespace std::chrono_literals;

constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
const UserId ann{pkg::ids::CountingIds::nth(2)};
const UserId bob{pkg::ids::CountingIds::nth(3)};

Notification written_to(const UserId& user) {
  Notification notification;
  notification.id = NotificationId{pkg::ids::CountingIds::nth(1)};
  notification.user = user;
  notification.created_at = t0;
  return notification;
}

TEST(ReadNotification, KeepsTheFirstTime) {
  const auto unread = written_to(ann);
  const auto once = read(&unread, ann, t0 + 1s);
  ASSERT_TRUE(once);
  EXPECT_EQ(once->read_at, t0 + 1s);
  const auto twice = read(&*once, ann, t0 + 9s);
  ASSERT_TRUE(twice);
  EXPECT_EQ(twice->read_at, t0 + 1s);
}

TEST(ReadNotification, IsRejectedWhereThereIsNone) {
  const auto done = read(nullptr, ann, t0);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().reason, NotificationRejection::no_such_notification);
  EXPECT_EQ(to_error(done.error()).code, "no_such_notification");
  EXPECT_EQ(to_error(done.error()).kind, pkg::errors::ErrorKind::not_found);
}

TEST(ReadNotification, IsRejectedForAnybodyElse) {
  const auto theirs = written_to(ann);
  const auto done = read(&theirs, bob, t0);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().reason, NotificationRejection::not_your_notification);
  EXPECT_EQ(to_error(done.error()).code, "not_your_notification");
  EXPECT_EQ(to_error(done.error()).kind, pkg::errors::ErrorKind::forbidden);
}

TEST(OrderNews, EachHasAKindOfItsOwn) {
  EXPECT_EQ(kind_of(OrderApproved{}), Kind::order_approved);
  EXPECT_EQ(kind_of(OrderRejected{}), Kind::order_rejected);
  EXPECT_EQ(kind_of(OrderReady{}), Kind::order_ready);
  EXPECT_EQ(kind_of(OrderCompleted{}), Kind::order_completed);
  EXPECT_EQ(kind_of(OrderCanceled{}), Kind::order_canceled);
}

constexpr DeliveryPolicy policy{.first_wait = 10s, .longest_wait = 60s, .give_up_after = 1h};

TEST(Delivery, EndsWhenTheMailServerTookIt) {
  EXPECT_EQ(after(Attempt::taken, {t0, 2}, t0 + 5s, policy), (Standing{Delivery::sent, 3, {}}));
}

TEST(Delivery, EndsWhenItIsRefusedForGood) {
  EXPECT_EQ(after(Attempt::refused_for_good, {t0, 0}, t0, policy), (Standing{Delivery::failed, 1, {}}));
}

TEST(Delivery, IsTriedAgainLaterAndLaterUpToALimit) {
  const auto wait_after = [](int tries) { return *after(Attempt::refused_for_now, {t0, tries}, t0, policy).due_at - t0; };
  EXPECT_EQ(wait_after(0), 10s);
  EXPECT_EQ(wait_after(1), 20s);
  EXPECT_EQ(wait_after(2), 40s);
  EXPECT_EQ(wait_after(3), 60s);
  EXPECT_EQ(wait_after(1'000'000), 60s);
}

TEST(Delivery, IsGivenUpAfterALongTime) {
  EXPECT_EQ(after(Attempt::refused_for_now, {t0, 5}, t0 + 59min, policy).delivery, Delivery::queued);
  EXPECT_EQ(after(Attempt::refused_for_now, {t0, 5}, t0 + 1h, policy), (Standing{Delivery::failed, 6, {}}));
}

TEST(Delivery, WaitsForAnAddressAndIsNotSentWhereNoneComes) {
  EXPECT_EQ(after(Attempt::address_unknown, {t0, 0}, t0 + 1s, policy), (Standing{Delivery::queued, 1, t0 + 11s}));
  EXPECT_EQ(after(Attempt::address_unknown, {t0, 9}, t0 + 1h, policy), (Standing{Delivery::not_sent, 10, {}}));
}

TEST(Delivery, IsNotMadeToNobody) { EXPECT_EQ(after(Attempt::nobody, {t0, 0}, t0, policy), (Standing{Delivery::not_sent, 1, {}})); }

}  // namespace
}  // namespace notifications::domain
