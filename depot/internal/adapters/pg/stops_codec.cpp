#include "depot/internal/adapters/pg/stops_codec.hpp"

#include "depot/internal/adapters/pg/stops.pb.h"

namespace depot::adapters::pg {
namespace {

namespace pb = mallbots::depot::store::v1;

std::unexpected<pkg::errors::Error> unreadable() {
  return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "The stops of a stored shopping list cannot be read.");
}

}  // namespace

std::string encode_stops(const std::vector<domain::Stop>& stops) {
  pb::Stops message;
  for (const auto& stop : stops) {
    auto& place = *message.add_stops();
    place.set_store(stop.store.to_bytes());
    place.set_store_name(stop.store_name);
    place.set_store_location(stop.store_location);
    for (const auto& line : stop.items) {
      auto& item = *place.add_items();
      item.set_product(line.product.to_bytes());
      item.set_product_name(line.product_name);
      item.set_quantity(line.quantity);
    }
  }
  return message.SerializeAsString();
}

pkg::errors::Result<std::vector<domain::Stop>> decode_stops(std::string_view bytes) {
  pb::Stops message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return unreadable();
  std::vector<domain::Stop> stops;
  for (const auto& place : message.stops()) {
    const auto store = domain::StoreId::from_bytes(place.store());
    if (!store) return unreadable();
    auto& stop = stops.emplace_back(domain::Stop{*store, place.store_name(), place.store_location(), {}});
    for (const auto& item : place.items()) {
      const auto product = domain::ProductId::from_bytes(item.product());
      if (!product) return unreadable();
      stop.items.push_back({*product, item.product_name(), item.quantity()});
    }
  }
  return stops;
}

}  // namespace depot::adapters::pg
