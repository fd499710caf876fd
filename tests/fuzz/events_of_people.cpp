// The listeners around an order: stores, users, search, notifications, cosec.

#include "cosec/internal/constants/names.hpp"
#include "cosec/internal/ports/handlers/integration_events.hpp"
#include "cosec/tests/sample_order.hpp"
#include "notifications/internal/ports/handlers/integration_events.hpp"
#include "notifications/tests/fakes.hpp"
#include "pkg/es/memory_event_store.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/saga/replies.hpp"
#include "pkg/saga_engine/memory_saga_store.hpp"
#include "search/internal/ports/handlers/integration_events.hpp"
#include "search/tests/fakes.hpp"
#include "stores/internal/app/app.hpp"
#include "stores/internal/ports/handlers/commands.hpp"
#include "stores/internal/ports/handlers/integration_events.hpp"
#include "stores/tests/fakes.hpp"
#include "tests/fuzz/conversation.hpp"
#include "users/internal/app/app.hpp"
#include "users/internal/ports/handlers/commands.hpp"
#include "users/internal/ports/handlers/integration_events.hpp"
#include "users/tests/fakes.hpp"

namespace fuzz {
namespace {

/// What every service has that answers commands.
struct Around {
  pkg::clock::ManualClock clock;
  pkg::ids::CountingIds ids{1000};
  pkg::uow::MemoryTransactor transactor;
  pkg::saga::testing::MemoryOutbox outbox;
  pkg::saga::Replies replies{outbox, ids, clock, "/mallbots/fuzz"};
  pkg::messaging::Handlers handlers;
};

}  // namespace

void tell_stores(std::string_view messages) {
  Around around;
  pkg::es::MemoryEventStore<stores::domain::Store> stores;
  pkg::es::MemoryEventStore<stores::domain::Product> products;
  stores::tests::MemoryMall mall;
  stores::tests::MemoryStockRoom stock;
  stores::tests::MemoryCatalog catalog{stock};
  stores::tests::RecordedStoreNews store_news;
  stores::tests::RecordedProductNews product_news;
  const stores::app::Application app{{around.transactor, stores, products, mall, catalog, stock, store_news, product_news}};
  stores::ports::handle_commands(around.handlers, app, around.replies);
  stores::ports::handle_integration_events(around.handlers, app);
  hear(messages, around.handlers, around.transactor, &around.outbox);
}

void tell_users(std::string_view messages) {
  Around around;
  users::tests::MemoryUsers people;
  users::tests::MemorySessions sessions{people};
  users::tests::RecordedNews news;
  users::tests::FakePasswords passwords;
  users::tests::FakeTokens tokens{around.clock};
  users::tests::FakeServiceSecret secret;
  const users::app::Needs needs{around.transactor, people, sessions, news, passwords, tokens, secret, around.clock};
  const users::app::Application app{needs, {.enable_on_registration = true, .failed_sign_ins = {.most = 3}}};
  users::ports::handle_commands(around.handlers, app, around.replies);
  users::ports::handle_integration_events(around.handlers, app);
  hear(messages, around.handlers, around.transactor, &around.outbox);
}

void tell_search(std::string_view messages) {
  pkg::uow::MemoryTransactor transactor;
  search::tests::RecordedProductIndex products;
  search::tests::MemoryOrderHistory orders;
  pkg::messaging::Handlers handlers;
  search::ports::handle_integration_events(handlers, products, orders);
  hear(messages, handlers, transactor);
}

void tell_notifications(std::string_view messages) {
  Around around;
  notifications::tests::MemoryAcquaintances people;
  notifications::tests::MemoryNotifications told{people};
  const notifications::app::Application app{
      {around.transactor, told, people, told, around.ids, around.clock, notifications::domain::Delivery::not_sent}};
  notifications::ports::handle_integration_events(around.handlers, app);
  hear(messages, around.handlers, around.transactor);
}

void tell_cosec(std::string_view messages) {
  Around around;
  pkg::saga::MemorySagaStore store;
  pkg::saga::Coordinator sagas{
      pkg::saga::Definitions::make({cosec::tests::create_order()}).value(),
      store,
      around.outbox,
      around.clock,
      {.source = std::string(cosec::constants::source), .reply_channel = std::string(cosec::constants::create_order_replies)}};
  cosec::ports::handle_integration_events(around.handlers, sagas, cosec::adapters::pg::create_order_codec());
  hear(messages, around.handlers, around.transactor, &around.outbox);
}

}  // namespace fuzz
