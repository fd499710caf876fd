#include "depot/internal/ports/handlers/domain_events.hpp"

#include <variant>

#include "depot/depotpb/messages.pb.h"
#include "depot/internal/constants/names.hpp"

namespace depot::ports {
namespace {

namespace pb = mallbots::depot::v1;

struct Tell {
  pkg::messaging::Publisher& publisher;
  pkg::uow::UnitOfWork& unit;
  const domain::ShoppingList& list;

  void operator()(const domain::ShoppingListCreated&) const { publish(about_list<pb::ShoppingListCreated>()); }
  void operator()(const domain::ShoppingListInitiated&) const { publish(about_list<pb::ShoppingListInitiated>()); }
  void operator()(const domain::ShoppingListAssigned& event) const {
    auto message = about_list<pb::ShoppingListAssigned>();
    message.set_bot_id(event.bot.to_string());
    publish(message);
  }
  void operator()(const domain::ShoppingListCompleted&) const { publish(about_list<pb::ShoppingListCompleted>()); }
  void operator()(const domain::ShoppingListCanceled&) const { publish(about_list<pb::ShoppingListCanceled>()); }

  template <class P>
  P about_list() const {
    P message;
    message.set_shopping_list_id(list.id.to_string());
    message.set_order_id(list.order.to_string());
    return message;
  }
  void publish(const google::protobuf::MessageLite& message) const {
    publisher.event(unit, constants::shopping_list_events, list.id.to_string(), list.version, message);
  }
};

}  // namespace

void PublishedShoppingListNews::tell(pkg::uow::UnitOfWork& unit, const domain::ShoppingList& after,
                                     std::span<const domain::ShoppingListEvent> events) {
  for (const auto& event : events) std::visit(Tell{publisher_, unit, after}, event);
}

}  // namespace depot::ports
