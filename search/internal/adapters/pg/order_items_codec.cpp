#include "search/internal/adapters/pg/order_items_codec.hpp"

#include "search/internal/adapters/pg/order_items.pb.h"
#include "search/internal/adapters/pg/read_money.hpp"

namespace search::adapters::pg {
namespace {

namespace pb = mallbots::search::store::v1;

std::unexpected<pkg::errors::Error> unreadable() {
  return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "The items of a stored order cannot be read.");
}

}  // namespace

std::string encode_items(const std::vector<app::OrderedItem>& items) {
  pb::OrderItems message;
  for (const auto& each : items) {
    auto& item = *message.add_items();
    item.set_product_name(each.product_name);
    item.set_store_name(each.store_name);
    item.set_currency(each.price.currency().to_string());
    item.set_price_minor(each.price.minor_units());
    item.set_quantity(each.quantity);
  }
  return message.SerializeAsString();
}

pkg::errors::Result<std::vector<app::OrderedItem>> decode_items(std::string_view bytes, std::span<const pkg::ids::Uuid> products,
                                                                std::span<const pkg::ids::Uuid> stores) {
  pb::OrderItems message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return unreadable();
  const auto count = static_cast<std::size_t>(message.items_size());
  if (products.size() != count || stores.size() != count) return unreadable();
  std::vector<app::OrderedItem> items;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& item = message.items(static_cast<int>(i));
    const auto price = read_money(item.currency(), item.price_minor());
    if (!price) return pkg::errors::pass_on(price);
    items.push_back(
        {domain::ProductId{products[i]}, domain::StoreId{stores[i]}, item.product_name(), item.store_name(), *price, item.quantity()});
  }
  return items;
}

}  // namespace search::adapters::pg
