#include "notifications/internal/domain/texts.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "notifications/internal/domain/amounts.hpp"
#include "pkg/ids/id_sources.hpp"

namespace notifications::domain {
namespace {

using testing::HasSubstr;
using testing::Not;

pkg::money::Money money(std::string_view currency, std::int64_t minor) { return {*pkg::money::Currency::parse(currency), minor}; }

const OrderId order{pkg::ids::CountingIds::nth(7)};
const InvoiceId invoice{pkg::ids::CountingIds::nth(8)};

TEST(Amounts, HaveTheDecimalsOfTheirCurrency) {
  struct Case {
    const char* currency;
    std::int64_t minor;
    const char* text;
  };
  for (const auto& [currency, minor, text] : {
           Case{"EUR", 1250, "12.50 EUR"},
           Case{"EUR", 5, "0.05 EUR"},
           Case{"EUR", 0, "0.00 EUR"},
           Case{"USD", 100, "1.00 USD"},
           Case{"EUR", -5, "-0.05 EUR"},
           Case{"JPY", 1250, "1250 JPY"},
           Case{"JPY", 0, "0 JPY"},
           Case{"KWD", 1250, "1.250 KWD"},
           Case{"KWD", 7, "0.007 KWD"},
           Case{"CLF", 12345, "1.2345 CLF"},
           Case{"EUR", std::numeric_limits<std::int64_t>::max(), "92233720368547758.07 EUR"},
           Case{"EUR", std::numeric_limits<std::int64_t>::min(), "-92233720368547758.08 EUR"},
       }) {
    EXPECT_EQ(to_text(money(currency, minor)), text);
  }
}

TEST(Summary, NamesTheFirstLinesAndCountsTheRest) {
  EXPECT_EQ(summarize({}), "");
  EXPECT_EQ(summarize({{"Tea", 2}, {"Mug", 1}}), "2 × Tea, 1 × Mug");
  EXPECT_EQ(summarize({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}, {"f", 1}, {"g", 1}}),
            "1 × a, 1 × b, 1 × c, 1 × d, 1 × e and 2 more");
}

TEST(Texts, WelcomeByName) {
  EXPECT_EQ(
      welcome_text("ann"),
      (Text{"Welcome to MallBots",
            "Hello ann,\n\nwelcome to MallBots: many stores under one roof, one basket for all of them, and robots that do the walking.\n"
            "We will tell you here what becomes of your orders.\n\nYours,\nMallBots\n"}));
}

TEST(Texts, OfAnOrderSayWhichOne) {
  EXPECT_EQ(order_text(order, OrderApproved{}, {"ann", OrderSummary{"2 × Tea", money("EUR", 500)}}),
            (Text{"Your order is approved", "Hello ann,\n\ngood news: your order is approved, and our robots will pick it now.\n\nOrder " +
                                                order.to_string() + "\n2 × Tea\n5.00 EUR in all\n\nYours,\nMallBots\n"}));
}

TEST(Texts, DoWithoutWhatIsNotKnown) {
  EXPECT_EQ(order_text(order, OrderCompleted{}, {}),
            (Text{"Your order is complete", "Hello,\n\nyour order is paid and complete. Thank you for shopping with us!\n\nOrder " +
                                                order.to_string() + "\n\nYours,\nMallBots\n"}));
}

TEST(Texts, OfAReadyOrderNameTheInvoice) {
  const auto text = order_text(order, OrderReady{invoice, money("JPY", 1250)}, {});
  EXPECT_EQ(text.subject, "Your order is ready");
  EXPECT_THAT(text.body, HasSubstr("invoice is " + invoice.to_string() + " over 1250 JPY"));
}

TEST(Texts, OfARejectedOrderSayWhy) {
  EXPECT_THAT(order_text(order, OrderRejected{"The payment is too small."}, {}).body,
              HasSubstr("\nThe reason: The payment is too small.\n"));
  EXPECT_THAT(order_text(order, OrderRejected{}, {}).body, Not(HasSubstr("reason")));
}

TEST(Texts, OfACanceledOrderSaySo) { EXPECT_THAT(order_text(order, OrderCanceled{}, {}).body, HasSubstr("your order is canceled")); }

TEST(Texts, KeepWhatOthersWroteInItsLine) {
  EXPECT_THAT(order_text(order, OrderRejected{"no\r\nBcc: all"}, {}).body, HasSubstr("no  Bcc: all"));
  EXPECT_EQ(summarize({{"Te\na", 1}}), "1 × Te a");
}

}  // namespace
}  // namespace notifications::domain
