#include "notifications/internal/adapters/pg/words.hpp"

#include <utility>

namespace notifications::adapters::pg {

using domain::Delivery;
using domain::Kind;
using pkg::errors::ErrorKind;

std::string_view to_word(Kind kind) {
  switch (kind) {
    case Kind::welcome: return "welcome";
    case Kind::order_approved: return "order_approved";
    case Kind::order_rejected: return "order_rejected";
    case Kind::order_ready: return "order_ready";
    case Kind::order_completed: return "order_completed";
    case Kind::order_canceled: return "order_canceled";
  }
  std::unreachable();
}

std::string_view to_word(Delivery delivery) {
  switch (delivery) {
    case Delivery::not_sent: return "not_sent";
    case Delivery::queued: return "queued";
    case Delivery::sent: return "sent";
    case Delivery::failed: return "failed";
  }
  std::unreachable();
}

pkg::errors::Result<Kind> kind_from_word(std::string_view word) {
  for (const auto kind :
       {Kind::welcome, Kind::order_approved, Kind::order_rejected, Kind::order_ready, Kind::order_completed, Kind::order_canceled}) {
    if (to_word(kind) == word) return kind;
  }
  return pkg::errors::fail(ErrorKind::internal, "unreadable_row", "A stored notification's kind cannot be read.");
}

pkg::errors::Result<Delivery> delivery_from_word(std::string_view word) {
  for (const auto delivery : {Delivery::not_sent, Delivery::queued, Delivery::sent, Delivery::failed}) {
    if (to_word(delivery) == word) return delivery;
  }
  return pkg::errors::fail(ErrorKind::internal, "unreadable_row", "A stored notification's delivery cannot be read.");
}

}  // namespace notifications::adapters::pg
