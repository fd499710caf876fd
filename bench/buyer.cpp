#include "bench/buyer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>
#include <utility>

namespace mall::bench {

namespace asio = boost::asio;
using asio::use_awaitable;

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

Buyer::Buyer(const asio::any_io_executor& where, std::uint16_t nginx_port, std::string token, const Goods& goods)
    : nginx_port_(nginx_port),
      socket_(where),
      headers_("Authorization: Bearer " + std::move(token) + "\r\n"),
      goods_(goods),
      turn_(nginx_port) {}

asio::awaitable<chaos::Reply> Buyer::ask(std::string request) {
  if (!socket_.is_open()) {
    read_.clear();
    co_await socket_.async_connect({asio::ip::address_v4::loopback(), nginx_port_}, use_awaitable);
    socket_.set_option(asio::ip::tcp::no_delay(true));
  }
  co_await asio::async_write(socket_, asio::buffer(request), use_awaitable);
  while (true) {
    if (auto taken = chaos::take_reply(read_)) {
      if (taken->closes) socket_.close();
      co_return std::move(taken->reply);
    }
    read_.append(chunk_.data(), co_await socket_.async_read_some(asio::buffer(chunk_), use_awaitable));
  }
}

asio::awaitable<std::string> Buyer::post(std::string path, std::string body) {
  const auto reply = co_await ask(chaos::request_text("POST", "/api/v1" + path, body, headers_));
  if (!reply.is_fine()) throw std::runtime_error("POST " + path + ": " + std::to_string(reply.status) + " " + reply.body);
  co_return reply.text("id");
}

asio::awaitable<Buyer::Ready> Buyer::prepare() {
  Ready order;  // not in braces: there GCC 12 destroys twice what is awaited
  order.basket = co_await post("/baskets", "{}");
  for (std::size_t i = 0; i < items; ++i) {
    co_await post("/baskets/" + order.basket + "/items",
                  R"({"productId":")" + goods_.products[++turn_ % goods_.products.size()] + R"(","quantity":1})");
  }
  order.payment = co_await post(
      "/payments", R"({"amount":)" + testing::euros(static_cast<std::int64_t>(items) * goods_.cents) + R"(,"method":"sandbox:approve"})");
  co_return order;
}

asio::awaitable<void> Buyer::check_out(Ready order) {
  co_await post("/baskets/" + order.basket + ":checkout", R"({"paymentId":")" + order.payment + "\"}");
}

}  // namespace mall::bench
