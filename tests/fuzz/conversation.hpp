#pragma once
// Messages as a service hears them: of events.cpp.

#include <string_view>

#include "pkg/messaging/handlers.hpp"
#include "pkg/saga/testing/memory_outbox.hpp"
#include "pkg/uow/memory_transactor.hpp"

namespace fuzz {

/// Gives the service each message of the text, divided by lines of "---": a line with the type and the aggregate's version, the payload.
/// Promises that each is handled or refused as malformed or for a reason, and that what is sent in answer can be sent.
void hear(std::string_view messages, const pkg::messaging::Handlers& handlers, pkg::uow::MemoryTransactor& transactor,
          pkg::saga::testing::MemoryOutbox* outbox = nullptr);

void tell_baskets(std::string_view messages);
void tell_cosec(std::string_view messages);
void tell_depot(std::string_view messages);
void tell_notifications(std::string_view messages);
void tell_ordering(std::string_view messages);
void tell_payments(std::string_view messages);
void tell_search(std::string_view messages);
void tell_stores(std::string_view messages);
void tell_users(std::string_view messages);

}  // namespace fuzz
