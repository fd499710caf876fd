#include "tests/chaos/goods.hpp"

#include <algorithm>

namespace mall::chaos {
namespace {

using namespace std::chrono_literals;

std::string add_product(Caller& owner, const std::string& store, const Product& product, int number) {
  auto body = R"({"name":"Thing )" + std::to_string(number) + R"(","description":"","sku":"SKU-)" + std::to_string(number) +
              R"(","price":)" + euros(product.price);
  if (product.stock >= 0) body += R"(,"stock":)" + std::to_string(product.stock);
  return owner.must("stores", "POST", "/stores/" + store + "/products", body + "}").text("id");
}

/// Baskets hears of stores and products by events.
void await_baskets(Caller& owner, const Goods& goods) {
  const auto basket = owner.must("baskets", "POST", "/baskets", "{}").text("id");
  for (const auto& product : goods.products) {
    const auto since = now();
    while (!owner.post("baskets", "/baskets/" + basket + "/items", R"({"productId":")" + product.id + R"(","quantity":1})").is_fine()) {
      if (owner.run().is_late(since, Run::settling_limit)) return owner.run().find("baskets does not know product " + product.id);
      owner.run().wait(10ms);
    }
  }
  owner.must("baskets", "POST", "/baskets/" + basket + ":cancel", "{}");
}

}  // namespace

Goods open_stores(Caller& owner, int orders) {
  std::vector<std::string> stores;
  for (const auto* name : {"North", "South", "East"})
    stores.push_back(owner.must("stores", "POST", "/stores", R"({"name":")" + std::string(name) + R"(","location":"Level 1"})").text("id"));
  // The role of an owner comes by an event, and with the next session.
  const auto since = now();
  while (owner.get("users", "/users/me").body.find("\"owner\"") == std::string::npos && !owner.run().is_late(since, Run::settling_limit)) {
    owner.run().wait(20ms);
  }
  owner.sign_in();
  for (const auto& store : stores) owner.must("stores", "POST", "/stores/" + store + ":enableParticipation", "{}");
  Goods goods{.plentiful = 12};
  constexpr std::size_t scarce = 6;
  for (std::size_t i = 0; i < goods.plentiful + scarce; ++i) {
    Product product{.price = 100 + 37 * static_cast<std::int64_t>(i)};
    // Of every hundred orders 16 want one or two pieces of one of the scarce: about a third of them gets some.
    product.stock = i >= goods.plentiful ? std::max(3, orders / 75) : i == 0 ? -1 : 100LL * orders;
    product.id = add_product(owner, stores[i % stores.size()], product, static_cast<int>(i));
    goods.products.push_back(product);
  }
  goods.bait = add_product(owner, stores.front(), {.price = 100, .stock = -1}, static_cast<int>(goods.products.size()));
  await_baskets(owner, goods);
  return goods;
}

}  // namespace mall::chaos
