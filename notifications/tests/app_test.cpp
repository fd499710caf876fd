// The use cases of notifications on fakes: what is written, read and delivered.

#include "notifications/internal/app/app.hpp"

#include <gmock/gmock.h>

#include <type_traits>

#include "notifications/tests/fakes.hpp"
#include "notifications/tests/port_contracts.hpp"

namespace notifications::tests {
namespace {

using namespace std::chrono_literals;
using pkg::errors::ErrorKind;
using testing::HasSubstr;

static_assert(!std::is_copy_constructible_v<app::Application> && !std::is_copy_assignable_v<app::Application>,
              "a copy's handlers would refer into the original");

struct MemoryPorts {
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::Notifications& notifications() { return notifications_; }
  app::MailQueue& queue() { return notifications_; }
  app::Acquaintances& acquaintances() { return acquaintances_; }

 private:
  pkg::uow::MemoryTransactor transactor_;
  MemoryAcquaintances acquaintances_;
  MemoryNotifications notifications_{acquaintances_};
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, PortContract, MemoryPorts);

class NotificationsOf : public ::testing::Test {
 protected:
  explicit NotificationsOf(domain::Delivery first_delivery = domain::Delivery::queued)
      : app({transactor, notifications, acquaintances, notifications, ids, clock, first_delivery}) {}

  template <class Work>
  void handle(Work work) {
    ASSERT_TRUE(transactor.run(cause, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      work(unit);
      return {};
    }));
  }
  void welcome() {
    handle([&](auto& unit) { app.welcome_user(unit, {ann, "ann", "ann@people.test", 1}); });
  }
  void tell(const domain::OrderNews& news) {
    handle([&](auto& unit) { EXPECT_TRUE(app.tell_of_order(unit, {ann, order, news})); });
  }
  void remember() {
    handle([&](auto& unit) { app.remember_order(unit, {order, {{"Tea", 2}}, {*pkg::money::Currency::parse("EUR"), 500}}); });
  }
  std::vector<domain::Notification> of(const domain::UserId& user) { return app.list_notifications(cause, {user, {}})->items; }
  app::Delivered deliver(app::DeliverMails command = {}) {
    const auto delivered = deliver_mails(cause, command);
    EXPECT_TRUE(delivered) << delivered.error().code;
    return delivered.value_or(app::Delivered{});
  }
  domain::Delivery delivery() { return of(ann).at(0).delivery; }

  pkg::clock::ManualClock clock;
  pkg::ids::CountingIds ids;
  pkg::uow::MemoryTransactor transactor;
  MemoryAcquaintances acquaintances;
  MemoryNotifications notifications{acquaintances};
  FakeDirectory directory;
  FakePostman postman;
  app::Application app;
  app::DeliverMailsHandler deliver_mails{{transactor,
                                          notifications,
                                          acquaintances,
                                          &directory,
                                          postman,
                                          ids,
                                          clock,
                                          {.first_wait = 10s, .longest_wait = 60s, .give_up_after = 1h}}};

  const pkg::uow::Cause cause{"correlation", "request", ""};
  const domain::UserId ann{pkg::ids::CountingIds::nth(1002)};
  const domain::UserId bob{pkg::ids::CountingIds::nth(1003)};
  const domain::OrderId order{pkg::ids::CountingIds::nth(1004)};
  const domain::InvoiceId invoice{pkg::ids::CountingIds::nth(1005)};
};
class NotificationsOfAMall : public NotificationsOf {};
class NotificationsWithoutMail : public NotificationsOf {
 protected:
  NotificationsWithoutMail() : NotificationsOf(domain::Delivery::not_sent) {}
};

TEST_F(NotificationsOfAMall, EachNewsIsToldOnceHoweverOftenItComes) {
  for (int i = 0; i < 2; ++i) {
    welcome();
    remember();
    tell(domain::OrderApproved{});
    tell(domain::OrderReady{invoice, {*pkg::money::Currency::parse("EUR"), 500}});
    tell(domain::OrderCompleted{});
    clock.advance(1s);
  }
  const auto told = of(ann);
  ASSERT_EQ(told.size(), 4u);
  EXPECT_EQ(told[0].kind, domain::Kind::order_completed);
  EXPECT_EQ(told[3].kind, domain::Kind::welcome);
  EXPECT_FALSE(told[3].order);
  EXPECT_EQ(told[1].order, order);
  EXPECT_THAT(told[1].text.body, HasSubstr(invoice.to_string() + " over 5.00 EUR"));
  EXPECT_THAT(told[1].text.body, HasSubstr("Hello ann,"));
  EXPECT_THAT(told[1].text.body, HasSubstr("2 × Tea"));
}

TEST_F(NotificationsOfAMall, NewsOfAnOrderThatIsNotKnownIsToldAllTheSame) {
  tell(domain::OrderRejected{"Sold out."});
  ASSERT_EQ(of(ann).size(), 1u);
  EXPECT_THAT(of(ann)[0].text.body, HasSubstr("The reason: Sold out."));
}

TEST_F(NotificationsOfAMall, ReadingTwiceKeepsTheFirstTime) {
  welcome();
  const auto id = of(ann).at(0).id;
  const auto first = clock.now();
  EXPECT_EQ(app.read_notification(cause, {id, ann})->read_at, first);
  clock.advance(1min);
  EXPECT_EQ(app.read_notification(cause, {id, ann})->read_at, first);
  EXPECT_EQ(of(ann).at(0).read_at, first);
}

TEST_F(NotificationsOfAMall, OnlyTheReaderReads) {
  welcome();
  const auto id = of(ann).at(0).id;
  EXPECT_EQ(app.read_notification(cause, {id, bob}).error().code, "not_your_notification");
  EXPECT_FALSE(of(ann).at(0).read_at);
  EXPECT_EQ(app.read_notification(cause, {domain::NotificationId{order.value()}, ann}).error().code, "no_such_notification");
  EXPECT_TRUE(of(bob).empty());
}

TEST_F(NotificationsOfAMall, WhatIsQueuedIsSentOnceToTheAddressThatHoldsThen) {
  welcome();
  handle([&](auto& unit) { app.change_address(unit, {ann, "ann@new.test", 2}); });
  EXPECT_EQ(deliver().settled, 1);
  EXPECT_EQ(postman.delivered, (std::vector<FakePostman::Letter>{{"ann@new.test", of(ann).at(0).id, "Welcome to MallBots"}}));
  EXPECT_EQ(delivery(), domain::Delivery::sent);
  clock.advance(1h);
  EXPECT_EQ(deliver().leased, 0);
  EXPECT_EQ(directory.asked, 0);
}

TEST_F(NotificationsOfAMall, ARefusalForNowIsTriedAgainLaterAndOneForGoodIsNot) {
  welcome();
  postman.refusal = ErrorKind::unavailable;
  EXPECT_EQ(deliver().trouble->code, "mail_refused");
  EXPECT_EQ(deliver().leased, 0) << "it waits";
  clock.advance(10s);
  postman.refusal = ErrorKind::rejected;
  EXPECT_FALSE(deliver().trouble);
  EXPECT_EQ(delivery(), domain::Delivery::failed);
  clock.advance(1h);
  EXPECT_EQ(deliver().leased, 0);
}

TEST_F(NotificationsOfAMall, AMailServerThatIsAwayIsNotAskedForEveryMail) {
  welcome();
  for (const auto& news : std::vector<domain::OrderNews>{domain::OrderApproved{}, domain::OrderCompleted{}, domain::OrderCanceled{},
                                                         domain::OrderRejected{}}) {
    tell(news);
  }
  postman.refusal = ErrorKind::unavailable;
  EXPECT_EQ(deliver().settled, 3);
  EXPECT_EQ(postman.asked, 3);
  postman.refusal.reset();
  clock.advance(10s);
  EXPECT_EQ(deliver().settled, 5);
  EXPECT_EQ(postman.delivered.size(), 5u);
}

TEST_F(NotificationsOfAMall, WhatIsNotSentBeforeAStopIsGivenBack) {
  welcome();
  app::DeliverMails command;
  command.is_stopping = [] { return true; };
  EXPECT_EQ(deliver(command).settled, 0);
  EXPECT_TRUE(postman.delivered.empty());
  clock.advance(10s);
  EXPECT_EQ(deliver().settled, 1);
}

TEST_F(NotificationsOfAMall, AnAddressThatNoEventToldIsAskedForOnce) {
  directory.people[ann] = {ann, "ann", "ann@people.test", 1};
  tell(domain::OrderApproved{});
  EXPECT_EQ(deliver().settled, 1);
  tell(domain::OrderCompleted{});
  EXPECT_EQ(deliver().settled, 1);
  EXPECT_EQ(directory.asked, 1);
  EXPECT_EQ(postman.delivered.at(1).email, "ann@people.test");
}

TEST_F(NotificationsOfAMall, WhileNoAddressIsKnownItStaysQueuedAndGoesWhenAnEventTellsIt) {
  directory.is_away = true;
  tell(domain::OrderApproved{});
  EXPECT_TRUE(deliver().trouble);
  EXPECT_EQ(delivery(), domain::Delivery::queued);
  welcome();
  EXPECT_EQ(deliver().settled, 2) << "at once, not when the wait is over";
  EXPECT_EQ(postman.delivered.size(), 2u);
}

TEST_F(NotificationsOfAMall, UsersThatIsAwayIsAskedOnceInARound) {
  directory.is_away = true;
  tell(domain::OrderApproved{});
  tell(domain::OrderCompleted{});
  EXPECT_EQ(deliver().settled, 2);
  EXPECT_EQ(directory.asked, 1);
}

TEST_F(NotificationsOfAMall, NobodyIsNotWrittenTo) {
  tell(domain::OrderApproved{});
  EXPECT_EQ(deliver().settled, 1);
  EXPECT_EQ(delivery(), domain::Delivery::not_sent);
}

TEST_F(NotificationsWithoutMail, NothingIsQueued) {
  welcome();
  EXPECT_EQ(delivery(), domain::Delivery::not_sent);
  EXPECT_EQ(deliver().leased, 0);
}

}  // namespace
}  // namespace notifications::tests
