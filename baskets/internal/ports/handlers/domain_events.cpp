#include "baskets/internal/ports/handlers/domain_events.hpp"

#include <variant>

#include "baskets/basketspb/messages.pb.h"
#include "baskets/internal/constants/names.hpp"
#include "pkg/money/moneypb/convert.hpp"
#include "pkg/money/moneypb/money.pb.h"

namespace baskets::ports {
namespace {

namespace pb = mallbots::baskets::v1;

struct Tell {
  pkg::messaging::Publisher& publisher;
  pkg::uow::UnitOfWork& unit;
  const std::string id;
  const domain::Basket& basket;
  pkg::es::Version version;

  void operator()(const domain::BasketStarted& event) const {
    pb::BasketStarted message;
    message.set_basket_id(id);
    message.set_user_id(event.owner.to_string());
    publish(message);
  }
  void operator()(const domain::ItemAdded&) const {}
  void operator()(const domain::ItemRemoved&) const {}
  void operator()(const domain::ItemRepriced&) const {}
  void operator()(const domain::BasketCheckedOut& event) const {
    pb::BasketCheckedOut message;
    message.set_basket_id(id);
    message.set_user_id(basket.owner.to_string());
    message.set_payment_id(event.payment.to_string());
    for (const auto& line : basket.items) {
      auto& item = *message.add_items();
      item.set_product_id(line.product.to_string());
      item.set_store_id(line.store.to_string());
      item.set_product_name(line.product_name);
      item.set_store_name(line.store_name);
      *item.mutable_price() = pkg::money::to_proto(line.price);
      item.set_quantity(line.quantity);
    }
    if (const auto sum = total(basket)) *message.mutable_total() = pkg::money::to_proto(*sum);
    publish(message);
  }
  void operator()(const domain::BasketCanceled&) const { canceled(false); }
  void operator()(const domain::BasketExpired&) const { canceled(true); }

  void canceled(bool expired) const {
    pb::BasketCanceled message;
    message.set_basket_id(id);
    message.set_user_id(basket.owner.to_string());
    message.set_expired(expired);
    publish(message);
  }
  void publish(const google::protobuf::MessageLite& message) const {
    publisher.event(unit, constants::basket_events, id, version, message);
  }
};

}  // namespace

void PublishedBasketNews::tell(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, const pkg::es::Loaded<domain::Basket>& after,
                               std::span<const domain::BasketEvent> events) {
  pkg::es::Version version = after.version - events.size();
  for (const auto& event : events) std::visit(Tell{publisher_, unit, id.to_string(), after.state, ++version}, event);
}

}  // namespace baskets::ports
