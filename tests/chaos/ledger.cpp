#include "tests/chaos/ledger.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <stdexcept>

namespace mall::chaos {
namespace {

namespace json = boost::json;

std::string text(const json::object& line, std::string_view name) {
  const auto* value = line.if_contains(name);
  return value == nullptr ? std::string() : std::string(value->as_string());
}

std::int64_t number(const json::object& line, std::string_view name) {
  const auto* value = line.if_contains(name);
  return value == nullptr ? 0 : value->as_int64();
}

void begin(OrderFacts& order, const json::object& line) {
  order.plan = text(line, "begin");
  order.user = text(line, "user");
  order.total = number(line, "total");
  for (const auto& each : line.at("lines").as_array()) {
    const auto& triple = each.as_array();
    order.lines.emplace_back(triple[0].as_string(), static_cast<int>(triple[1].as_int64()), triple[2].as_int64());
  }
}

void asked(OrderFacts& order, const json::object& line) {
  if (text(line, "ask") != "checkout") return;
  order.checkout_asked = true;
  if (order.asked_at == 0) order.asked_at = number(line, "at");
  order.payment = text(line.at("body").as_object(), "paymentId");
}

/// A step that is done, by the mall's own word or by what it showed afterwards.
void done(OrderFacts& order, const std::string& step, const json::object& line) {
  if (step == "authorize") order.payments.push_back(text(line, "id"));
  if (step == "basket") order.basket = text(line, "id");
  if (step == "item") ++order.items;
  if (step == "checkout" && !order.checked_out) {
    order.checked_out = true;
    order.checked_out_at = number(line, "at");
  }
  if (step == "cancel") order.canceled = true;
  if (step == "pay") order.paid = true;
  if (step == "cancel_invoice") order.invoice_canceled = true;
}

void take(OrderFacts& order, const json::object& line) {
  if (line.contains("begin")) return begin(order, line);
  if (line.contains("ask")) return asked(order, line);
  if (line.contains("answer")) {
    const auto status = number(line, "status");
    if (status == 200 || status == 201) done(order, text(line, "answer"), line);
    return;
  }
  if (line.contains("seen")) {
    const auto what = text(line, "seen");
    if (what == "decided")
      order.decided_at = number(line, "decidedAt");
    else
      done(order, what, line);
    return;
  }
  order.end = text(line, "end");
  order.code = text(line, "code");
}

}  // namespace

std::vector<OrderFacts> read_ledger(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::vector<OrderFacts> orders;
  std::string line;
  for (std::size_t count = 1; std::getline(in, line); ++count) {
    boost::system::error_code error;
    const auto value = json::parse(line, error);
    if (error || !value.is_object()) throw std::runtime_error(file.string() + ":" + std::to_string(count) + ": not understood");
    const auto at = static_cast<std::size_t>(number(value.as_object(), "order"));
    if (at >= orders.size()) orders.resize(at + 1);
    orders[at].number = static_cast<int>(at);
    take(orders[at], value.as_object());
  }
  std::erase_if(orders, [](const OrderFacts& order) { return order.number < 0; });
  return orders;
}

}  // namespace mall::chaos
