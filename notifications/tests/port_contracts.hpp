#pragma once
// What every Notifications, MailQueue and Acquaintances promises; the fakes and the PostgreSQL adapters both pass it. Ports has
//   pkg::uow::Transactor& transactor();  app::Notifications& notifications();  app::MailQueue& queue();  app::Acquaintances&
//   acquaintances();

#include <gtest/gtest.h>

#include "notifications/internal/app/ports.hpp"
#include "pkg/ids/id_sources.hpp"

namespace notifications::tests {

template <class Ports>
class PortContract : public ::testing::Test {
 protected:
  static constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
  static constexpr auto minute = std::chrono::minutes{1};
  template <class Id>
  static Id id(std::uint64_t n) {
    return Id{pkg::ids::CountingIds::nth(n)};
  }
  const domain::UserId ann = id<domain::UserId>(101);
  const domain::UserId bob = id<domain::UserId>(102);
  const domain::OrderId order = id<domain::OrderId>(201);
  const pkg::ids::Uuid lease_one = pkg::ids::CountingIds::nth(301);
  const pkg::ids::Uuid lease_two = pkg::ids::CountingIds::nth(302);

  domain::Notification notification(std::uint64_t n, const domain::UserId& user, domain::Kind kind, domain::Delivery delivery,
                                    pkg::clock::TimePoint at = t0) {
    std::optional<domain::OrderId> about;
    if (kind != domain::Kind::welcome) about = order;
    return {id<domain::NotificationId>(n), user, kind, about, {"Subject " + std::to_string(n), "Body\n"}, at, {}, delivery};
  }
  domain::Notification queued(std::uint64_t n, const domain::UserId& user, domain::Kind kind, pkg::clock::TimePoint at = t0) {
    return notification(n, user, kind, domain::Delivery::queued, at);
  }

  template <class Work>
  void run(Work work) {
    const auto done = ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      work(unit);
      return {};
    });
    ASSERT_TRUE(done) << done.error().code;
  }
  void add(const domain::Notification& one) {
    run([&](pkg::uow::UnitOfWork& unit) { ports.notifications().add(unit, one); });
  }
  std::optional<domain::Notification> find(std::uint64_t n) {
    const auto found = ports.transactor().run_for(
        {}, [&](pkg::uow::UnitOfWork& unit) { return ports.notifications().find(unit, id<domain::NotificationId>(n)); });
    EXPECT_TRUE(found) << found.error().code;
    return found.value_or(std::nullopt);
  }
  pkg::paging::Slice<domain::Notification> list(const domain::UserId& user, int size, const pkg::paging::Cursor& after = {}) {
    const auto found = ports.transactor().run_for(
        {}, [&](pkg::uow::UnitOfWork& unit) { return ports.notifications().of_user(unit, user, {size, after}); });
    EXPECT_TRUE(found) << found.error().code;
    return found.value_or(pkg::paging::Slice<domain::Notification>{});
  }
  static std::vector<std::uint64_t> numbers(const std::vector<domain::Notification>& notifications) {
    std::vector<std::uint64_t> numbers;
    for (const auto& one : notifications) numbers.push_back(std::stoull(one.text.subject.substr(8)));
    return numbers;
  }
  std::vector<app::QueuedMail> lease(const pkg::ids::Uuid& by, pkg::clock::TimePoint now, int limit = 10) {
    const auto mails =
        ports.transactor().run_for({}, [&](pkg::uow::UnitOfWork& unit) { return ports.queue().lease(unit, by, now, now + minute, limit); });
    EXPECT_TRUE(mails) << mails.error().code;
    return mails.value_or(std::vector<app::QueuedMail>{});
  }
  void settle(std::uint64_t n, const pkg::ids::Uuid& by, const domain::Standing& standing) {
    run([&](pkg::uow::UnitOfWork& unit) { ports.queue().settle(unit, id<domain::NotificationId>(n), by, standing); });
  }
  void learn(const app::PersonFact& fact) {
    run([&](pkg::uow::UnitOfWork& unit) { ports.acquaintances().learn(unit, fact); });
  }
  domain::Context context(const domain::UserId& user) {
    const auto found =
        ports.transactor().run_for({}, [&](pkg::uow::UnitOfWork& unit) { return ports.acquaintances().find(unit, user, order); });
    EXPECT_TRUE(found) << found.error().code;
    return found.value_or(domain::Context{});
  }

  Ports ports;
};

TYPED_TEST_SUITE_P(PortContract);

TYPED_TEST_P(PortContract, ANotificationIsFoundAsItWasAdded) {
  EXPECT_FALSE(this->find(1));
  const auto welcome = this->notification(1, this->ann, domain::Kind::welcome, domain::Delivery::not_sent);
  const auto ready = this->queued(2, this->ann, domain::Kind::order_ready);
  this->add(welcome);
  this->add(ready);
  EXPECT_EQ(this->find(1), welcome);
  EXPECT_EQ(this->find(2), ready);
}

TYPED_TEST_P(PortContract, ThereIsOnePerPersonKindAndOrder) {
  this->add(this->queued(1, this->ann, domain::Kind::welcome));
  this->add(this->queued(2, this->ann, domain::Kind::welcome));
  this->add(this->queued(3, this->ann, domain::Kind::order_ready));
  this->add(this->queued(4, this->ann, domain::Kind::order_ready));
  this->add(this->queued(5, this->bob, domain::Kind::order_ready));
  this->add(this->queued(6, this->ann, domain::Kind::order_completed));
  EXPECT_EQ(this->numbers(this->list(this->ann, 10).items), (std::vector<std::uint64_t>{6, 3, 1}));
  EXPECT_EQ(this->numbers(this->list(this->bob, 10).items), (std::vector<std::uint64_t>{5}));
}

TYPED_TEST_P(PortContract, ListsComeNewestFirstInPages) {
  this->add(this->queued(1, this->ann, domain::Kind::welcome, this->t0 + this->minute));
  this->add(this->queued(2, this->ann, domain::Kind::order_approved, this->t0));
  this->add(this->queued(3, this->ann, domain::Kind::order_ready, this->t0 + this->minute));
  const auto first = this->list(this->ann, 2);
  EXPECT_EQ(this->numbers(first.items), (std::vector<std::uint64_t>{3, 1}));
  ASSERT_FALSE(first.next.empty());
  const auto second = this->list(this->ann, 2, first.next);
  EXPECT_EQ(this->numbers(second.items), (std::vector<std::uint64_t>{2}));
  EXPECT_TRUE(second.next.empty());
}

TYPED_TEST_P(PortContract, ReadingIsMarkedOnce) {
  this->add(this->queued(1, this->ann, domain::Kind::welcome));
  const auto mark = [&](pkg::clock::TimePoint at) {
    return this->ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      this->ports.notifications().mark_read(unit, this->template id<domain::NotificationId>(1), at);
      return {};
    });
  };
  ASSERT_TRUE(mark(this->t0 + this->minute));
  EXPECT_EQ(mark(this->t0 + 2 * this->minute).error().kind, pkg::errors::ErrorKind::contended);
  EXPECT_EQ(this->find(1)->read_at, this->t0 + this->minute);
}

TYPED_TEST_P(PortContract, WhatIsLeasedIsNotLeasedAgainUntilTheLeaseRunsOut) {
  this->add(this->queued(1, this->ann, domain::Kind::welcome));
  this->add(this->notification(2, this->bob, domain::Kind::welcome, domain::Delivery::not_sent));
  EXPECT_TRUE(this->lease(this->lease_one, this->t0 - this->minute).empty()) << "nothing is due yet";
  const auto mails = this->lease(this->lease_one, this->t0);
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].id, this->template id<domain::NotificationId>(1));
  EXPECT_EQ(mails[0].user, this->ann);
  EXPECT_EQ(mails[0].text.subject, "Subject 1");
  EXPECT_EQ(mails[0].waiting.created_at, this->t0);
  EXPECT_TRUE(this->lease(this->lease_two, this->t0 + this->minute / 2).empty());
  ASSERT_EQ(this->lease(this->lease_two, this->t0 + this->minute).size(), 1u);
  this->settle(1, this->lease_one, {domain::Delivery::sent, 1, {}});
  EXPECT_EQ(this->find(1)->delivery, domain::Delivery::queued) << "it is another's by now";
  this->settle(1, this->lease_two, {domain::Delivery::sent, 1, {}});
  EXPECT_EQ(this->find(1)->delivery, domain::Delivery::sent);
  EXPECT_TRUE(this->lease(this->lease_one, this->t0 + 9 * this->minute).empty());
}

TYPED_TEST_P(PortContract, ALimitedLeaseTakesTheLongestDue) {
  this->add(this->queued(1, this->ann, domain::Kind::welcome, this->t0 + this->minute));
  this->add(this->queued(2, this->bob, domain::Kind::welcome, this->t0));
  const auto mails = this->lease(this->lease_one, this->t0 + this->minute, 1);
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].user, this->bob);
}

TYPED_TEST_P(PortContract, AMailPutOffIsDueLaterAndKeepsItsTries) {
  this->add(this->queued(1, this->ann, domain::Kind::welcome));
  ASSERT_EQ(this->lease(this->lease_one, this->t0).size(), 1u);
  this->settle(1, this->lease_one, {domain::Delivery::queued, 3, this->t0 + 5 * this->minute});
  EXPECT_TRUE(this->lease(this->lease_two, this->t0 + 4 * this->minute).empty());
  const auto mails = this->lease(this->lease_two, this->t0 + 5 * this->minute);
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].waiting.tries, 3);
}

TYPED_TEST_P(PortContract, WhatIsGivenBackWasNotTried) {
  this->add(this->queued(1, this->ann, domain::Kind::welcome));
  this->add(this->queued(2, this->bob, domain::Kind::welcome));
  ASSERT_EQ(this->lease(this->lease_one, this->t0).size(), 2u);
  this->settle(1, this->lease_one, {domain::Delivery::sent, 1, {}});
  this->run([&](pkg::uow::UnitOfWork& unit) { this->ports.queue().give_back(unit, this->lease_one, this->t0 + this->minute / 4); });
  EXPECT_EQ(this->find(1)->delivery, domain::Delivery::sent);
  const auto mails = this->lease(this->lease_two, this->t0 + this->minute / 4);
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].user, this->bob);
  EXPECT_EQ(mails[0].waiting.tries, 0);
}

TYPED_TEST_P(PortContract, HurryMakesOnePersonsMailsDueButNotLeasedOnes) {
  this->add(this->queued(1, this->ann, domain::Kind::welcome));
  this->add(this->queued(2, this->ann, domain::Kind::order_ready));
  this->add(this->queued(3, this->bob, domain::Kind::welcome));
  ASSERT_EQ(this->lease(this->lease_one, this->t0).size(), 3u);
  for (const auto n : {1u, 3u}) this->settle(n, this->lease_one, {domain::Delivery::queued, 1, this->t0 + 60 * this->minute});
  this->run([&](pkg::uow::UnitOfWork& unit) { this->ports.queue().hurry(unit, this->ann, this->t0 + this->minute / 2); });
  const auto mails = this->lease(this->lease_two, this->t0 + this->minute / 2);
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].id, this->template id<domain::NotificationId>(1));
}

TYPED_TEST_P(PortContract, ALeaseComesWithTheNewestAddressThatIsKnown) {
  this->add(this->queued(1, this->ann, domain::Kind::welcome));
  this->add(this->queued(2, this->bob, domain::Kind::welcome));
  this->learn({this->ann, {}, "new@people.test", 5});
  this->learn({this->ann, "ann", "old@people.test", 1});
  this->learn({this->ann, "ann", "old@people.test", 1});
  EXPECT_EQ(this->context(this->ann).username, "ann");
  for (const auto& mail : this->lease(this->lease_one, this->t0)) {
    EXPECT_EQ(mail.email, mail.user == this->ann ? std::optional<std::string>("new@people.test") : std::nullopt);
  }
}

TYPED_TEST_P(PortContract, TheFirstSummaryOfAnOrderStays) {
  EXPECT_FALSE(this->context(this->ann).order);
  const domain::OrderSummary tea{"2 × Tea", {*pkg::money::Currency::parse("EUR"), 500}};
  for (const auto& summary : {tea, domain::OrderSummary{"other", {}}}) {
    this->run([&](pkg::uow::UnitOfWork& unit) { this->ports.acquaintances().learn(unit, this->order, summary); });
  }
  const auto known = this->context(this->bob);
  EXPECT_EQ(known.username, "");
  ASSERT_TRUE(known.order);
  EXPECT_EQ(known.order->items, "2 × Tea");
  EXPECT_EQ(known.order->total, tea.total);
}

REGISTER_TYPED_TEST_SUITE_P(PortContract, ANotificationIsFoundAsItWasAdded, ThereIsOnePerPersonKindAndOrder, ListsComeNewestFirstInPages,
                            ReadingIsMarkedOnce, WhatIsLeasedIsNotLeasedAgainUntilTheLeaseRunsOut, ALimitedLeaseTakesTheLongestDue,
                            AMailPutOffIsDueLaterAndKeepsItsTries, WhatIsGivenBackWasNotTried, HurryMakesOnePersonsMailsDueButNotLeasedOnes,
                            ALeaseComesWithTheNewestAddressThatIsKnown, TheFirstSummaryOfAnOrderStays);

}  // namespace notifications::tests
