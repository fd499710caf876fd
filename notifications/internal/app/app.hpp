#pragma once
// What notifications can do: its commands and queries, each in its own file. Those that messages ask for work in the unit of work of
// the message; Application opens one for calls that come from outside. Delivery (DeliverMailsHandler) is asked for by the agent.

#include "notifications/internal/app/announcer.hpp"
#include "notifications/internal/app/commands/change_address.hpp"
#include "notifications/internal/app/commands/deliver_mails.hpp"
#include "notifications/internal/app/commands/read_notification.hpp"
#include "notifications/internal/app/commands/remember_order.hpp"
#include "notifications/internal/app/commands/tell_of_order.hpp"
#include "notifications/internal/app/commands/welcome_user.hpp"
#include "notifications/internal/app/ports.hpp"
#include "notifications/internal/app/queries/list_notifications.hpp"

namespace notifications::app {

/// Everything that the application needs; all of it outlives the application.
struct Needs {
  pkg::uow::Transactor& transactor;
  Notifications& notifications;
  Acquaintances& acquaintances;
  MailQueue& queue;
  pkg::ids::IdSource& ids;
  const pkg::clock::Clock& clock;
  domain::Delivery first_delivery;  ///< `queued` where there is a mail server, else `not_sent`
};

class Application {
 public:
  explicit Application(const Needs& needs);
  Application(const Application&) = delete;  // the handlers refer to announcer_ here
  Application& operator=(const Application&) = delete;

  void welcome_user(pkg::uow::UnitOfWork& unit, const WelcomeUser& command) const { welcome_user_(unit, command); }
  void change_address(pkg::uow::UnitOfWork& unit, const ChangeAddress& command) const { change_address_(unit, command); }
  void remember_order(pkg::uow::UnitOfWork& unit, const RememberOrder& command) const { remember_order_(unit, command); }
  pkg::errors::Result<> tell_of_order(pkg::uow::UnitOfWork& unit, const TellOfOrder& command) const {
    return tell_of_order_(unit, command);
  }

  pkg::errors::Result<domain::Notification> read_notification(const pkg::uow::Cause& cause, const ReadNotification& command) const;
  pkg::errors::Result<pkg::paging::Slice<domain::Notification>> list_notifications(const pkg::uow::Cause& cause,
                                                                                   const ListNotifications& query) const;

 private:
  pkg::uow::Transactor& transactor_;
  Announcer announcer_;
  WelcomeUserHandler welcome_user_;
  ChangeAddressHandler change_address_;
  RememberOrderHandler remember_order_;
  TellOfOrderHandler tell_of_order_;
  ReadNotificationHandler read_notification_;
  ListNotificationsHandler list_notifications_;
};

}  // namespace notifications::app
