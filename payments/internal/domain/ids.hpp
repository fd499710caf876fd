#pragma once

#include "pkg/ids/id.hpp"

namespace payments::domain {

using PaymentId = pkg::ids::Id<struct PaymentIdTag>;
using InvoiceId = pkg::ids::Id<struct InvoiceIdTag>;
using OrderId = pkg::ids::Id<struct OrderIdTag>;
using UserId = pkg::ids::Id<struct UserIdTag>;

}  // namespace payments::domain
