#include "notifications/internal/ports/grpc/server.hpp"

#include <google/protobuf/util/time_util.h>

#include "notifications/notificationspb/api.pb.h"
#include "pkg/paging/paging.hpp"
#include "pkg/rpc/read.hpp"

namespace notifications::ports {
namespace {

namespace pb = mallbots::notifications::v1;
using domain::Delivery;
using domain::Kind;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::rpc::Call;

pb::Notification::Kind to_proto(Kind kind) {
  switch (kind) {
    case Kind::welcome: return pb::Notification::WELCOME;
    case Kind::order_approved: return pb::Notification::ORDER_APPROVED;
    case Kind::order_rejected: return pb::Notification::ORDER_REJECTED;
    case Kind::order_ready: return pb::Notification::ORDER_READY;
    case Kind::order_completed: return pb::Notification::ORDER_COMPLETED;
    case Kind::order_canceled: return pb::Notification::ORDER_CANCELED;
  }
  std::unreachable();
}

pb::Notification::Delivery to_proto(Delivery delivery) {
  switch (delivery) {
    case Delivery::not_sent: return pb::Notification::NOT_SENT;
    case Delivery::queued: return pb::Notification::QUEUED;
    case Delivery::sent: return pb::Notification::SENT;
    case Delivery::failed: return pb::Notification::FAILED;
  }
  std::unreachable();
}

google::protobuf::Timestamp to_proto(pkg::clock::TimePoint time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(pkg::clock::unix_us(time));
}

pb::Notification to_proto(const domain::Notification& notification) {
  pb::Notification message;
  message.set_id(notification.id.to_string());
  message.set_kind(to_proto(notification.kind));
  if (notification.order) message.set_order_id(notification.order->to_string());
  message.set_subject(notification.text.subject);
  message.set_text(notification.text.body);
  *message.mutable_created_at() = to_proto(notification.created_at);
  if (notification.read_at) *message.mutable_read_at() = to_proto(*notification.read_at);
  message.set_delivery(to_proto(notification.delivery));
  return message;
}

class Calls {
 public:
  explicit Calls(const app::Application& app) : app_(app) {}

  Result<pb::ListNotificationsResponse> list(const Call& call, const pb::ListNotificationsRequest& request) const {
    const auto user = pkg::rpc::read_caller<domain::UserId>(call.caller);
    if (!user) return pass_on(user);
    const auto page = pkg::paging::read_page(request.page_size(), request.page_token(), app::Notifications::cursor_parts);
    if (!page) return pass_on(page);
    const auto notifications = app_.list_notifications(call.cause, {*user, *page});
    if (!notifications) return pass_on(notifications);
    pb::ListNotificationsResponse response;
    for (const auto& notification : notifications->items) *response.add_notifications() = to_proto(notification);
    response.set_next_page_token(pkg::paging::write_token(notifications->next));
    return response;
  }

  Result<pb::Notification> read(const Call& call, const pb::ReadNotificationRequest& request) const {
    const auto user = pkg::rpc::read_caller<domain::UserId>(call.caller);
    if (!user) return pass_on(user);
    const auto id = pkg::rpc::read_id<domain::NotificationId>(request.id(), "id");
    if (!id) return pass_on(id);
    const auto notification = app_.read_notification(call.cause, {*id, *user});
    if (!notification) return pass_on(notification);
    return to_proto(*notification);
  }

 private:
  const app::Application& app_;
};

}  // namespace

pkg::rpc::Service notifications_service(const app::Application& app) {
  const Calls calls(app);
  return pkg::rpc::Service("mallbots.notifications.v1.NotificationsService")
      .unary("ListNotifications", calls, &Calls::list)
      .unary("ReadNotification", calls, &Calls::read);
}

}  // namespace notifications::ports
