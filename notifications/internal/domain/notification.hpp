#pragma once
// A message to one person. It is written once, never changed, and read at most once; whether an e-mail carries it besides is its
// delivery (delivery.hpp).
//
// There is at most one per person, kind and order, however often the news of it comes.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "notifications/internal/domain/delivery.hpp"
#include "notifications/internal/domain/ids.hpp"
#include "notifications/internal/domain/notification_rejection.hpp"
#include "notifications/internal/domain/order_news.hpp"
#include "notifications/internal/domain/texts.hpp"
#include "pkg/clock/clock.hpp"

namespace notifications::domain {

enum class Kind : std::uint8_t { welcome, order_approved, order_rejected, order_ready, order_completed, order_canceled };

Kind kind_of(const OrderNews& news);

struct Notification {
  NotificationId id;
  UserId user;
  Kind kind = Kind::welcome;
  std::optional<OrderId> order;  ///< nothing where it is about no order
  Text text;
  pkg::clock::TimePoint created_at;
  std::optional<pkg::clock::TimePoint> read_at;
  Delivery delivery = Delivery::not_sent;

  friend bool operator==(const Notification&, const Notification&) = default;
};

/// `found` is null where there is no such notification.
std::expected<void, NotificationRejected> may_see(const Notification* found, const UserId& by);

/// The notification as read; reading it again keeps the first time.
std::expected<Notification, NotificationRejected> read(const Notification* found, const UserId& by, pkg::clock::TimePoint now);

}  // namespace notifications::domain
