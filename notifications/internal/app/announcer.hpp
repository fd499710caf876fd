#pragma once

#include <optional>

#include "notifications/internal/app/ports.hpp"
#include "pkg/clock/clock.hpp"

namespace notifications::app {

/// What all messages share: a new id, the time, and whether they are to be mailed.
class Announcer {
 public:
  /// `first_delivery` is `queued` where there is a mail server, else `not_sent`. The references outlive this.
  Announcer(Notifications& notifications, pkg::ids::IdSource& ids, const pkg::clock::Clock& clock, domain::Delivery first_delivery)
      : notifications_(notifications), ids_(ids), clock_(clock), first_delivery_(first_delivery) {}

  /// Once per person, kind and order; again has no effect.
  void announce(pkg::uow::UnitOfWork& unit, const domain::UserId& user, domain::Kind kind, const std::optional<domain::OrderId>& order,
                domain::Text text) const;

 private:
  Notifications& notifications_;
  pkg::ids::IdSource& ids_;
  const pkg::clock::Clock& clock_;
  const domain::Delivery first_delivery_;
};

}  // namespace notifications::app
