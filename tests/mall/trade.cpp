#include "tests/mall/trade.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <utility>

#include "pkg/rest/testing/raw_client.hpp"
#include "pkg/testing/wait.hpp"
#include "tests/mall/crowd.hpp"

namespace mall::testing {
namespace {

constexpr int cents = 500;

}  // namespace

std::string faults_of(const Answers& answers) {
  std::string faults;
  for (const auto& [service, by_status] : answers) {
    for (const auto& [status, count] : by_status) {
      if (status != 0 && status < 500) continue;
      faults += (faults.empty() ? "" : ", ") + service + ": " + std::to_string(count) + " x " +
                (status == 0 ? "no answer" : std::to_string(status));
    }
  }
  return faults;
}

KeptConnection::KeptConnection(std::uint16_t port) : port_(port) {}
KeptConnection::~KeptConnection() = default;

Answer KeptConnection::ask(std::string_view verb, std::string_view path, std::string_view body, const std::string& token) {
  std::string request = std::string(verb) + " /api/v1" + std::string(path) + " HTTP/1.1\r\nHost: mall\r\n";
  if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
  if (verb != "GET") request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  request += "\r\n" + std::string(body);
  Answer answer;
  try {
    if (!client_) client_ = std::make_unique<pkg::rest::testing::RawClient>(port_);
    auto raw = client_->ask(request);
    answer.status = raw.status;
    answer.body = std::move(raw.body);
    const auto connection = raw.headers.find("Connection");
    if (raw.status == 0 || (connection != raw.headers.end() && connection->second == "close")) client_.reset();
  } catch (const std::runtime_error&) {
    client_.reset();  // nobody listens: the status stays 0
  }
  return answer;
}

Trade::Trade(const RunningMall& mall, const Nginx& nginx)
    : nginx_(nginx), keeper_(mall), tea_(keeper_.add_product(cents, -1)), operator_(mall.an_operator()), people_(a_crowd(mall, shoppers)) {
  fill_basket(people_.front(), {{tea_, 1}});  // baskets knows the store from here on
  for (std::size_t i = 0; i < shoppers; ++i) threads_[i] = std::jthread([this, i](const std::stop_token& stop) { shop(i, stop); });
}

Trade::~Trade() { orders(); }

void Trade::shop(std::size_t number, const std::stop_token& stop) {
  KeptConnection connection(nginx_.port());
  while (!stop.stop_requested()) buy(connection, people_[number]);
}

Answer Trade::ask(KeptConnection& connection, const Visitor& who, std::string_view verb, std::string_view path, std::string_view body) {
  const auto began = std::chrono::steady_clock::now();
  auto answer = connection.ask(verb, path, body, who.token());
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
  const std::scoped_lock lock(mutex_);
  const std::string service(service_of(path));
  ++answers_[service][answer.status];
  auto& slowest = slowest_[service];
  slowest = std::max(slowest, took);
  if (answer.status == 0 || answer.status >= 500)
    std::printf("%s %s: %d %s\n", std::string(verb).c_str(), std::string(path).c_str(), answer.status, answer.body.c_str());
  return answer;
}

std::string Trade::new_product(KeptConnection& connection) {
  const auto sku = "NEW-" + std::to_string(++made_);
  return ask(connection, keeper_.owner, "POST", "/stores/" + keeper_.store + "/products",
             R"({"name":"New tea","description":"For tests","sku":")" + sku + R"(","price":)" + euros(cents) + "}")
      .text("id");
}

/// Goes on with what it has where something was refused: that is noted, and the test's to judge.
void Trade::buy(KeptConnection& connection, const Visitor& who) {
  ask(connection, who, "GET", "/products/" + tea_);
  const auto fresh = new_product(connection);
  const auto payment = ask(connection, who, "POST", "/payments", R"({"amount":)" + euros(2L * cents) + R"(,"method":"sandbox:approve"})");
  const auto basket = ask(connection, who, "POST", "/baskets", "{}").text("id");
  if (basket.empty() || fresh.empty() || payment.status >= 500 || payment.status == 0) return;
  for (const auto& product : {tea_, fresh})
    ask(connection, who, "POST", "/baskets/" + basket + "/items", R"({"productId":")" + product + R"(","quantity":1})");
  const auto at = std::chrono::system_clock::now();
  const auto order =
      ask(connection, who, "POST", "/baskets/" + basket + ":checkout", R"({"paymentId":")" + payment.text("id") + "\"}").text("orderId");
  if (!order.empty()) {
    const std::scoped_lock lock(mutex_);
    orders_.push_back({order, &who, at});
  }
  look_around(connection, who, order.empty() ? basket : order);
}

void Trade::look_around(KeptConnection& connection, const Visitor& who, const std::string& order) {
  ask(connection, who, "GET", "/orders/" + order);
  ask(connection, who, "GET", "/notifications");
  ask(connection, who, "GET", "/users/me");
  ask(connection, who, "GET", "/search/products?q=tea");
  ask(connection, operator_, "GET", "/sagas/" + order);
  ask(connection, operator_, "GET", "/shopping-lists?orderId=" + order);
  ask(connection, operator_, "POST", "/bots", "{}");
}

void Trade::await_orders(std::size_t more) {
  const auto count = [this] {
    const std::scoped_lock lock(mutex_);
    return orders_.size();
  };
  const auto wanted = count() + more;
  pkg::testing::wait_until([&] { return count() >= wanted; }, std::to_string(more) + " more orders", std::chrono::seconds{60});
}

Answers Trade::take_answers() {
  const std::scoped_lock lock(mutex_);
  slowest_.clear();
  return std::exchange(answers_, {});
}

const std::vector<Trade::Ordered>& Trade::orders() {
  for (auto& thread : threads_) thread.request_stop();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  return orders_;
}

}  // namespace mall::testing
