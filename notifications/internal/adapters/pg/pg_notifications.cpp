#include "notifications/internal/adapters/pg/pg_notifications.hpp"

#include "notifications/internal/adapters/pg/words.hpp"
#include "pkg/postgres/transactor.hpp"

namespace notifications::adapters::pg {
namespace {

using domain::Notification;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::Param;
using pkg::postgres::Row;
using pkg::postgres::transaction_of;
using pkg::uow::UnitOfWork;

const pkg::postgres::RowStatement insert(
    "notification_id uuid, user_id uuid, kind text, order_id uuid, subject text, body text, created_at timestamptz, delivery text",
    "INSERT INTO notifications (notification_id, user_id, kind, order_id, subject, body, created_at, delivery, due_at)"
    " SELECT given.*, CASE WHEN delivery = 'queued' THEN created_at END FROM $given ON CONFLICT ON CONSTRAINT notifications_once DO NOTHING");
constexpr std::string_view select =
    "SELECT notification_id, user_id, kind, order_id, subject, body, created_at, read_at, delivery FROM notifications";

Result<Notification> read_notification(const Row& row) {
  const auto kind = kind_from_word(row.text(2));
  if (!kind) return pass_on(kind);
  const auto delivery = delivery_from_word(row.text(8));
  if (!delivery) return pass_on(delivery);
  Notification notification;
  notification.id = domain::NotificationId{row.uuid(0)};
  notification.user = domain::UserId{row.uuid(1)};
  notification.kind = *kind;
  if (const auto order = row.maybe_uuid(3)) notification.order = domain::OrderId{*order};
  notification.text = {std::string(row.text(4)), std::string(row.text(5))};
  notification.created_at = row.time(6);
  notification.read_at = row.maybe_time(7);
  notification.delivery = *delivery;
  return notification;
}

}  // namespace

void PgNotifications::add(UnitOfWork& unit, const Notification& notification) {
  auto& tx = transaction_of(unit);
  tx.execute(insert, {notification.id, notification.user, to_word(notification.kind), notification.order, notification.text.subject,
                      notification.text.body, notification.created_at, to_word(notification.delivery)});
  if (notification.delivery == domain::Delivery::queued) tx.after_commit(on_queued_);
}

Result<std::optional<Notification>> PgNotifications::find(UnitOfWork& unit, const domain::NotificationId& id) {
  const auto rows = transaction_of(unit).query(std::string(select) + " WHERE notification_id = $1", {id});
  if (!rows) return pass_on(rows);
  if (rows->empty()) return std::optional<Notification>{};
  auto notification = read_notification((*rows)[0]);
  if (!notification) return pass_on(notification);
  return std::optional(std::move(*notification));
}

Result<pkg::paging::Slice<Notification>> PgNotifications::of_user(UnitOfWork& unit, const domain::UserId& user,
                                                                  const pkg::paging::Page& page) {
  std::optional<pkg::clock::TimePoint> before_time;
  std::optional<pkg::ids::Uuid> before_id;
  if (!page.after.empty()) {
    const auto position = pkg::paging::read_time_and_id(page.after);
    if (!position) return pass_on(position);
    before_time = position->time;
    before_id = position->id;
  }
  const auto rows =
      transaction_of(unit).query(std::string(select) +
                                     " WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, notification_id) < ($2, $3))"
                                     " ORDER BY created_at DESC, notification_id DESC LIMIT $4",
                                 {user, before_time, before_id, page.size + 1});
  if (!rows) return pass_on(rows);
  std::vector<Notification> notifications;
  for (const auto row : *rows) {
    auto notification = read_notification(row);
    if (!notification) return pass_on(notification);
    notifications.push_back(std::move(*notification));
  }
  return pkg::paging::cut(std::move(notifications), page.size, [](const Notification& notification) {
    return pkg::paging::time_and_id(notification.created_at, notification.id.value());
  });
}

void PgNotifications::mark_read(UnitOfWork& unit, const domain::NotificationId& id, pkg::clock::TimePoint at) {
  transaction_of(unit).execute("UPDATE notifications SET read_at = $2 WHERE notification_id = $1 AND read_at IS NULL", {id, at},
                               pkg::postgres::expect_rows(1, pkg::postgres::contended()));
}

}  // namespace notifications::adapters::pg
