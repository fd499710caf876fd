#include "notifications/internal/domain/texts.hpp"

#include "notifications/internal/domain/amounts.hpp"

namespace notifications::domain {
namespace {

std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return line;
}

std::string letter(std::string_view username, const std::string& message) {
  const auto name = username.empty() ? std::string() : " " + one_line(username);
  return "Hello" + name + ",\n\n" + message + "\n\nYours,\nMallBots\n";
}

struct Paragraph {
  std::string subject;
  std::string text;
};

/// What happened to an order, without salutation and reference.
struct Say {
  Paragraph operator()(const OrderApproved&) const {
    return {"Your order is approved", "good news: your order is approved, and our robots will pick it now."};
  }
  Paragraph operator()(const OrderRejected& news) const {
    const auto reason = news.reason.empty() ? std::string() : "\nThe reason: " + one_line(news.reason);
    return {"Your order could not be accepted", "we are sorry: your order could not be accepted. Nothing is charged." + reason};
  }
  Paragraph operator()(const OrderReady& news) const {
    return {"Your order is ready", "your order is picked and ready for you.\nIts invoice is " + news.invoice.to_string() + " over " +
                                       to_text(news.amount) + "; once that is paid, the order is complete."};
  }
  Paragraph operator()(const OrderCompleted&) const {
    return {"Your order is complete", "your order is paid and complete. Thank you for shopping with us!"};
  }
  Paragraph operator()(const OrderCanceled&) const { return {"Your order is canceled", "your order is canceled. Nothing is charged."}; }
};

}  // namespace

std::string summarize(const std::vector<OrderLine>& lines) {
  constexpr std::size_t most = 5;
  std::string text;
  for (std::size_t i = 0; i < lines.size() && i < most; ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(lines[i].quantity) + " × " + one_line(lines[i].product_name);
  }
  if (lines.size() > most) text += " and " + std::to_string(lines.size() - most) + " more";
  return text;
}

Text welcome_text(std::string_view username) {
  return {"Welcome to MallBots",
          letter(username,
                 "welcome to MallBots: many stores under one roof, one basket for all of them, and robots that do the"
                 " walking.\nWe will tell you here what becomes of your orders.")};
}

Text order_text(const OrderId& order, const OrderNews& news, const Context& context) {
  auto [subject, text] = std::visit(Say{}, news);
  text += "\n\nOrder " + order.to_string();
  if (context.order) text += "\n" + context.order->items + "\n" + to_text(context.order->total) + " in all";
  return {std::move(subject), letter(context.username, text)};
}

}  // namespace notifications::domain
