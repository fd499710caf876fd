#pragma once
// What the nine databases say, in the auditor's words. A page is what a rule needs to have read; statuses are the services' own words.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "baskets/internal/agent/audit.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/es_pg/read_model.hpp"
#include "pkg/ids/uuid.hpp"

namespace mallctl::audit {

using pkg::clock::TimePoint;
using pkg::ids::Uuid;

struct Order {
  struct Step {
    std::string status{};
    TimePoint at{};
  };
  Uuid user{};
  Uuid payment{};
  std::string status{};
  std::string currency{};
  std::int64_t total_minor = 0;
  std::optional<Uuid> list{};
  std::optional<Uuid> invoice{};
  TimePoint created_at{};
  TimePoint changed_at{};
  std::optional<std::string> items{};   ///< as in CheckedOutBasket; nothing where the event that has them cannot be read
  std::optional<std::string> pieces{};  ///< "<product> x3; …", summed, by product
  std::vector<Step> history{};

  bool is_final() const { return status == "completed" || status == "rejected" || status == "canceled"; }
  bool is_undone() const { return status == "rejected" || status == "canceled"; }
  bool was(std::string_view step) const;
};

struct Payment {
  std::string status{};
  Uuid user{};
  std::string currency{};
  std::int64_t amount_minor = 0;
  std::optional<Uuid> order{};
  std::optional<std::int64_t> capture_minor{};
  bool has_release_task = false;  ///< the gateway is yet to be asked

  /// Tied to its order, and the money not given back.
  bool is_used() const { return status == "confirmed" || status == "capturing" || status == "captured"; }
};

struct Invoice {
  Uuid order{};
  std::string status{};
  std::int64_t version = 0;
  Uuid user{};
  Uuid payment{};
  std::string currency{};
  std::int64_t amount_minor = 0;
  TimePoint created_at{};
};

/// What the gateway's own books say of a payment; money that moved only.
struct Ledger {
  std::int64_t authorizations = 0;
  std::string currency{};
  std::int64_t authorized_minor = 0;
  std::int64_t captures = 0;
  std::int64_t captured_minor = 0;
  bool gave_back = false;      ///< a release that gave money back
  bool asked_release = false;  ///< a release, whatever it did
};

struct GatewayTask {
  Uuid payment{};
  std::string operation{};
  TimePoint due_at{};
};

struct Stock {
  std::optional<std::int64_t> on_hand{};
  std::int64_t reserved = 0;
  std::optional<std::int64_t> received{};
  std::int64_t in_reservations = 0;  ///< pieces of reservations that are open
  std::int64_t in_committed = 0;     ///< pieces that left with their orders
};

struct Reservation {
  std::string status{};
  std::string pieces{};  ///< as in Order
};

struct ShoppingList {
  Uuid id{};
  std::string status{};
  std::optional<Uuid> bot{};
  std::string pieces{};  ///< as in Order; empty where it was canceled before it was made
};

struct Bot {
  std::string status{};
  std::optional<Uuid> list{};
};

struct Saga {
  std::string status{};
  TimePoint changed_at{};
  bool alert = false;
  std::string step{};  ///< whose command is out, and which way it goes

  bool has_ended() const { return status == "completed" || status == "compensated" || status == "canceled"; }
};

struct FoundOrder {
  bool has_contents = false;
  std::string status{};
  std::optional<Uuid> user{};
  std::string currency{};
  std::int64_t total_minor = 0;
  std::string items{};
};

struct Notification {
  Uuid user{};
  std::string kind{};
  std::optional<Uuid> order{};
  std::int64_t count = 0;
};

struct Gap {
  std::string service{};
  std::string kind{};
  Uuid id{};
  std::int64_t first = 0, last = 0, count = 0;
};

struct OutboxRow {
  std::string service{};  ///< the sender
  std::string id{}, type{}, key{};
  TimePoint created_at{};
  std::string subscriber{};  ///< who has not seen it
};

struct ParkedMessage {
  std::string service{};
  std::string id{}, type{}, key{}, state{}, why{};
  TimePoint parked_at{};
  TimePoint next_attempt_at{};
  bool in_inbox = false;
  bool is_head = false;  ///< nothing of its key waits before it
  std::int64_t copies = 0;
};

struct Messages {
  std::uint64_t confirmed = 0;         ///< rows that are kept and were confirmed, times their subscribers
  std::vector<OutboxRow> unconfirmed;  ///< rows that the event server has not confirmed
  std::vector<OutboxRow> unseen;       ///< confirmed, and one subscriber has not seen it
  std::vector<OutboxRow> refused;      ///< rows of outbox_dead
  std::vector<ParkedMessage> parked;
};

enum class Page : std::uint8_t {
  // In the order in which they are read: what follows from something is read before it, so that nothing is seen without its cause.
  notifications,
  search,
  messages,
  sagas,
  payments,
  stock,
  shopping,
  streams,
  orders,
  stores,
  baskets,
  users
};
constexpr std::size_t page_count = static_cast<std::size_t>(Page::users) + 1;

struct Books {
  std::vector<Notification> notifications;
  std::map<Uuid, FoundOrder> search;
  Messages messages;
  std::map<Uuid, Saga> sagas;  ///< by order
  std::map<Uuid, Payment> payments;
  std::map<Uuid, Invoice> invoices;
  std::map<Uuid, Ledger> ledger;  ///< by payment
  std::vector<GatewayTask> gateway_tasks;
  std::map<Uuid, Stock> stock;               ///< by product
  std::map<Uuid, Reservation> reservations;  ///< by order
  std::map<Uuid, ShoppingList> lists;        ///< by order
  std::map<Uuid, Bot> bots;
  std::vector<Gap> gaps;
  std::uint64_t streams = 0;
  std::map<Uuid, Order> orders;
  pkg::es_pg::ReadModel order_model, store_model, product_model;
  std::vector<baskets::agent::CheckedOutBasket> baskets;
  pkg::es_pg::ReadModel open_baskets;
  std::set<Uuid> users;
};

}  // namespace mallctl::audit
