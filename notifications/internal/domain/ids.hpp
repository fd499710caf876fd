#pragma once

#include "pkg/ids/id.hpp"

namespace notifications::domain {

using NotificationId = pkg::ids::Id<struct NotificationIdTag>;
using UserId = pkg::ids::Id<struct UserIdTag>;
using OrderId = pkg::ids::Id<struct OrderIdTag>;
using InvoiceId = pkg::ids::Id<struct InvoiceIdTag>;

}  // namespace notifications::domain
