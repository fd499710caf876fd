#include "cosec/internal/adapters/pg/saga_data_codec.hpp"

#include "cosec/internal/adapters/pg/saga_data.pb.h"
#include "pkg/money/moneypb/convert.hpp"

namespace cosec::adapters::pg {
namespace {

namespace pb = mallbots::cosec::store::v1;
using domain::CreateOrder;

std::string encode(const CreateOrder& order) {
  pb::CreateOrder p;
  p.set_order(order.order.to_bytes());
  p.set_user(order.user.to_bytes());
  p.set_payment(order.payment.to_bytes());
  for (const auto& line : order.items) {
    auto& item = *p.add_items();
    item.set_product(line.product.to_bytes());
    item.set_store(line.store.to_bytes());
    item.set_product_name(line.product_name);
    item.set_store_name(line.store_name);
    item.set_quantity(line.quantity);
  }
  *p.mutable_total() = pkg::money::to_proto(order.total);
  if (order.shopping_list) p.set_shopping_list(order.shopping_list->to_bytes());
  return p.SerializeAsString();
}

std::optional<CreateOrder> decode(std::string_view bytes) {
  pb::CreateOrder p;
  if (!p.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  const auto order = domain::OrderId::from_bytes(p.order());
  const auto user = domain::UserId::from_bytes(p.user());
  const auto payment = domain::PaymentId::from_bytes(p.payment());
  const auto total = pkg::money::from_proto(p.total(), "total");
  if (!order || !user || !payment || !total) return std::nullopt;
  CreateOrder data{*order, *user, *payment, {}, *total, domain::ShoppingListId::from_bytes(p.shopping_list())};
  for (const auto& item : p.items()) {
    const auto product = domain::ProductId::from_bytes(item.product());
    const auto store = domain::StoreId::from_bytes(item.store());
    if (!product || !store) return std::nullopt;
    data.items.push_back({*product, *store, item.product_name(), item.store_name(), item.quantity()});
  }
  return data;
}

}  // namespace

pkg::saga::Codec<CreateOrder> create_order_codec() { return {encode, decode}; }

}  // namespace cosec::adapters::pg
