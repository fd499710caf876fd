#include "bench/buyer.hpp"

#include <stdexcept>

namespace mall::bench {

using namespace std::chrono_literals;

Goods open_stores(const testing::RunningMall& mall) {
  constexpr std::size_t products = 20;
  Goods goods{.products = {}, .cents = 250};
  const testing::Storekeeper north(mall), south(mall);
  for (std::size_t i = 0; i < products; ++i) goods.products.push_back((i % 2 == 0 ? north : south).add_product(goods.cents, -1));
  testing::Lines all;
  for (const auto& product : goods.products) all.emplace_back(product, 1);
  testing::fill_basket(testing::new_shopper(mall), all);
  return goods;
}

Buyer::Buyer(std::uint16_t nginx_port, std::string token, const Goods& goods)
    : http_(nginx_port), headers_("Authorization: Bearer " + std::move(token) + "\r\n"), goods_(goods), turn_(nginx_port) {}

std::string Buyer::post(const std::string& path, const std::string& body) {
  const auto reply = http_.ask("POST", "/api/v1" + path, body, headers_, 20s);
  if (!reply.is_fine()) throw std::runtime_error("POST " + path + ": " + std::to_string(reply.status) + " " + reply.body);
  return reply.text("id");
}

Buyer::Ready Buyer::prepare() {
  Ready order{.basket = post("/baskets", "{}"), .payment = {}};
  for (std::size_t i = 0; i < items; ++i)
    post("/baskets/" + order.basket + "/items",
         R"({"productId":")" + goods_.products[++turn_ % goods_.products.size()] + R"(","quantity":1})");
  order.payment = post(
      "/payments", R"({"amount":)" + testing::euros(static_cast<std::int64_t>(items) * goods_.cents) + R"(,"method":"sandbox:approve"})");
  return order;
}

void Buyer::check_out(const Ready& order) { post("/baskets/" + order.basket + ":checkout", R"({"paymentId":")" + order.payment + "\"}"); }

}  // namespace mall::bench
