#include "notifications/internal/domain/notification.hpp"

namespace notifications::domain {
namespace {

struct KindOf {
  Kind operator()(const OrderApproved&) const { return Kind::order_approved; }
  Kind operator()(const OrderRejected&) const { return Kind::order_rejected; }
  Kind operator()(const OrderReady&) const { return Kind::order_ready; }
  Kind operator()(const OrderCompleted&) const { return Kind::order_completed; }
  Kind operator()(const OrderCanceled&) const { return Kind::order_canceled; }
};

std::unexpected<NotificationRejected> reject(NotificationRejection reason, std::string detail) {
  return std::unexpected(NotificationRejected{reason, std::move(detail)});
}

}  // namespace

Kind kind_of(const OrderNews& news) { return std::visit(KindOf{}, news); }

std::expected<void, NotificationRejected> may_see(const Notification* found, const UserId& by) {
  if (found == nullptr) return reject(NotificationRejection::no_such_notification, "There is no such notification.");
  if (found->user != by) return reject(NotificationRejection::not_your_notification, "This notification was written to somebody else.");
  return {};
}

std::expected<Notification, NotificationRejected> read(const Notification* found, const UserId& by, pkg::clock::TimePoint now) {
  if (auto visible = may_see(found, by); !visible) return std::unexpected(std::move(visible.error()));
  Notification notification = *found;
  if (!notification.read_at) notification.read_at = now;
  return notification;
}

}  // namespace notifications::domain
