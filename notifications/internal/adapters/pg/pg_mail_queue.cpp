#include "notifications/internal/adapters/pg/pg_mail_queue.hpp"

#include "notifications/internal/adapters/pg/words.hpp"
#include "pkg/postgres/transactor.hpp"

namespace notifications::adapters::pg {
namespace {

using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::transaction_of;
using pkg::uow::UnitOfWork;

constexpr std::string_view take =
    "WITH due AS (SELECT notification_id FROM notifications WHERE delivery = 'queued' AND due_at <= $2"
    "             ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED),"
    " taken AS (UPDATE notifications n SET lease = $1, due_at = $3 FROM due WHERE n.notification_id = due.notification_id"
    "           RETURNING n.notification_id, n.user_id, n.subject, n.body, n.created_at, n.tries)"
    " SELECT notification_id, user_id, subject, body, created_at, tries, email"
    " FROM taken LEFT JOIN known_people USING (user_id) ORDER BY created_at, notification_id";

}  // namespace

Result<std::vector<app::QueuedMail>> PgMailQueue::lease(UnitOfWork& unit, const pkg::ids::Uuid& lease, pkg::clock::TimePoint now,
                                                        pkg::clock::TimePoint until, int limit) {
  const auto rows = transaction_of(unit).query(take, {lease, now, until, limit});
  if (!rows) return pass_on(rows);
  std::vector<app::QueuedMail> mails;
  for (const auto row : *rows) {
    app::QueuedMail mail;
    mail.id = domain::NotificationId{row.uuid(0)};
    mail.user = domain::UserId{row.uuid(1)};
    mail.text = {std::string(row.text(2)), std::string(row.text(3))};
    mail.waiting = {row.time(4), static_cast<int>(row.int64(5))};
    if (const auto email = row.maybe_text(6)) mail.email = *email;
    mails.push_back(std::move(mail));
  }
  return mails;
}

void PgMailQueue::settle(UnitOfWork& unit, const domain::NotificationId& id, const pkg::ids::Uuid& lease,
                         const domain::Standing& standing) {
  transaction_of(unit).execute(
      "UPDATE notifications SET delivery = $3, tries = $4, due_at = $5, lease = NULL WHERE notification_id = $1 AND lease = $2",
      {id, lease, to_word(standing.delivery), standing.tries, standing.due_at});
}

void PgMailQueue::give_back(UnitOfWork& unit, const pkg::ids::Uuid& lease, pkg::clock::TimePoint due) {
  transaction_of(unit).execute("UPDATE notifications SET due_at = $2, lease = NULL WHERE lease = $1 AND delivery = 'queued'", {lease, due});
}

void PgMailQueue::hurry(UnitOfWork& unit, const domain::UserId& user, pkg::clock::TimePoint now) {
  auto& tx = transaction_of(unit);
  tx.execute("UPDATE notifications SET due_at = $2 WHERE user_id = $1 AND delivery = 'queued' AND lease IS NULL AND due_at > $2",
             {user, now});
  tx.after_commit(on_due_);
}

}  // namespace notifications::adapters::pg
