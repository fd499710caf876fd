#include "notifications/internal/domain/notification_rejection.hpp"

#include <utility>

namespace notifications::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
};

Description describe(NotificationRejection reason) {
  switch (reason) {
    case NotificationRejection::no_such_notification: return {ErrorKind::not_found, "no_such_notification"};
    case NotificationRejection::not_your_notification: return {ErrorKind::forbidden, "not_your_notification"};
  }
  std::unreachable();
}

}  // namespace

pkg::errors::Error to_error(const NotificationRejected& rejected) {
  const auto [kind, code] = describe(rejected.reason);
  return {kind, code, rejected.detail, ""};
}

}  // namespace notifications::domain
