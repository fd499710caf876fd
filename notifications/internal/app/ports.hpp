#pragma once
// What the use cases of notifications need from outside. Adapters: adapters/pg, adapters/grpc, adapters/mail; fakes: tests/fakes.hpp.

#include <optional>
#include <string>
#include <vector>

#include "notifications/internal/domain/notification.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/paging/paging.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace notifications::app {

/// The messages to people. Ids ascend with time; the newest first is by creation time and id.
class Notifications {
 public:
  virtual ~Notifications() = default;
  /// Keeps it, unless this person already has one of this kind about this order. A queued one is due for delivery at once.
  virtual void add(pkg::uow::UnitOfWork& unit, const domain::Notification& notification) = 0;
  /// Fails with `unavailable`.
  virtual pkg::errors::Result<std::optional<domain::Notification>> find(pkg::uow::UnitOfWork& unit, const domain::NotificationId& id) = 0;
  /// Newest first. The cursor has two parts. Fails with `unavailable`, or `malformed` where the cursor is not its own.
  virtual pkg::errors::Result<pkg::paging::Slice<domain::Notification>> of_user(pkg::uow::UnitOfWork& unit, const domain::UserId& user,
                                                                                const pkg::paging::Page& page) = 0;
  /// Of one that was not read when it was loaded; where somebody was faster the unit fails with `contended`.
  virtual void mark_read(pkg::uow::UnitOfWork& unit, const domain::NotificationId& id, pkg::clock::TimePoint at) = 0;
  static constexpr std::size_t cursor_parts = 2;
};

/// What an event or users itself has told of a person, and the version of the user after which it held. Facts may come in any order:
/// an older address never replaces a newer one.
struct PersonFact {
  domain::UserId user;
  std::optional<std::string> username;  ///< never changes
  std::optional<std::string> email;
  std::uint64_t version = 0;
};

/// What is remembered to write and address messages with.
class Acquaintances {
 public:
  virtual ~Acquaintances() = default;
  virtual void learn(pkg::uow::UnitOfWork& unit, const PersonFact& fact) = 0;
  /// The first summary of an order stays.
  virtual void learn(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, const domain::OrderSummary& summary) = 0;
  /// What is known so far. Fails with `unavailable`.
  virtual pkg::errors::Result<domain::Context> find(pkg::uow::UnitOfWork& unit, const domain::UserId& user,
                                                    const domain::OrderId& order) = 0;
};

/// A queued notification that one deliverer has for a while.
struct QueuedMail {
  domain::NotificationId id;
  domain::UserId user;
  domain::Text text;
  domain::Waiting waiting;
  std::optional<std::string> email;  ///< nothing while it is not known
};

/// Which notifications are to be sent, and when. A lease is what keeps two deliverers from sending the same one at a time; one that
/// runs out (its holder has died) is given to the next who asks.
class MailQueue {
 public:
  virtual ~MailQueue() = default;
  /// At most `limit` of those due at `now`, the longest due first, leased until `until`. Fails with `unavailable`.
  virtual pkg::errors::Result<std::vector<QueuedMail>> lease(pkg::uow::UnitOfWork& unit, const pkg::ids::Uuid& lease,
                                                             pkg::clock::TimePoint now, pkg::clock::TimePoint until, int limit) = 0;
  /// Ends the lease. Nothing happens where it ran out and another has taken the notification over.
  virtual void settle(pkg::uow::UnitOfWork& unit, const domain::NotificationId& id, const pkg::ids::Uuid& lease,
                      const domain::Standing& standing) = 0;
  /// Gives back what is still under the lease: it is due again at `due`, and was not tried.
  virtual void give_back(pkg::uow::UnitOfWork& unit, const pkg::ids::Uuid& lease, pkg::clock::TimePoint due) = 0;
  /// This person's queued ones are due now, where nobody has them.
  virtual void hurry(pkg::uow::UnitOfWork& unit, const domain::UserId& user, pkg::clock::TimePoint now) = 0;
};

/// The users service itself, for addresses that no event has told yet. Never called inside a unit of work.
class UserDirectory {
 public:
  virtual ~UserDirectory() = default;
  /// Nothing where users has no such person. Fails with `unavailable`, or with what users says of our own sign-in.
  virtual pkg::errors::Result<std::optional<PersonFact>> look_up(const pkg::uow::Cause& cause, const domain::UserId& user) = 0;
};

/// The mail server. Never called inside a unit of work.
class Postman {
 public:
  virtual ~Postman() = default;
  /// Returns when the mail server has taken it. The notification's id becomes the Message-ID, so that a second copy can be told.
  /// Fails with a retryable kind where it may be tried again, else for good.
  virtual pkg::errors::Result<> deliver(const std::string& email, const domain::NotificationId& id, const domain::Text& text) = 0;
};

}  // namespace notifications::app
