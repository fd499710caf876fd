// The real ordering service from outside: messages over NATS, calls over HTTP, everything in PostgreSQL.

#include "ordering/tests/running_ordering.hpp"

namespace ordering::tests {
namespace {

using OrderingService = RunningOrdering;
using pkg::testing::wait_until;

const std::string order = nth(1);

TEST_F(OrderingService, TakesAnOrderFromTheCheckoutToItsEndAndTellsTheOthers) {
  tell_of_checkout(order);
  const auto [created_message, created] = mall.hear<pb::OrderCreated>(order);
  EXPECT_EQ(created_message.aggregate_version, 1u);
  EXPECT_EQ(created.user_id(), ann);
  EXPECT_EQ(created.payment_id(), card);
  ASSERT_EQ(created.items_size(), 1);
  EXPECT_EQ(created.items(0).product_name(), "Tea");
  EXPECT_EQ(created.items(0).quantity(), 2);
  EXPECT_EQ(created.total().minor_units(), 500);
  EXPECT_GT(created.created_at().seconds(), 0);
  EXPECT_EQ(get(order).text("status"), "PENDING");

  approve(order);
  EXPECT_EQ(mall.hear<pb::OrderApproved>(order).second.shopping_list_id(), list);
  EXPECT_EQ(get(order).text("shoppingListId"), list);

  tell_of_picking(order);
  const auto readied = mall.hear<pb::OrderReadied>(order).second;
  EXPECT_EQ(readied.payment_id(), card);
  EXPECT_EQ(readied.total().minor_units(), 500);
  EXPECT_EQ(get(order).text("status"), "READY");

  tell_of_invoice<InvoiceCreated>(order);
  wait_until([&] { return get(order).text("invoiceId") == invoice; }, "the invoice in the answer");

  tell_of_invoice<InvoicePaid>(order, 2);
  const auto [completed_message, completed] = mall.hear<pb::OrderCompleted>(order);
  EXPECT_EQ(completed_message.aggregate_version, 4u);
  EXPECT_EQ(completed.invoice_id(), invoice);

  const auto seen = get(order);
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.text("status"), "COMPLETED") << seen.body;
  EXPECT_EQ(seen.headers.at("etag"), "\"4\"");
  const auto history = seen.body.substr(seen.body.find("\"history\":"));
  std::size_t at = 0;
  for (const auto* step : {"PENDING", "APPROVED", "READY", "COMPLETED"}) {
    at = history.find("\"status\":\"" + std::string(step) + "\"", at);
    ASSERT_NE(at, std::string::npos) << step << " in its place in " << history;
  }
}

TEST_F(OrderingService, AnswersTheSagaWhateverBecameOfTheOrder) {
  EXPECT_EQ(reply_to(approval(order)), "no_such_order");
  check_out(order);
  EXPECT_EQ(reply_to(rejection(order)), "success");
  const auto rejected = mall.hear<pb::OrderRejected>(order).second;
  EXPECT_EQ(rejected.code(), "out_of_stock");
  EXPECT_EQ(rejected.reason(), "No tea left.");
  EXPECT_EQ(get(order).text("status"), "REJECTED");
  EXPECT_EQ(get(order).text("rejectionCode"), "out_of_stock");
  EXPECT_NE(get(order).body.find("\"detail\":\"No tea left.\""), std::string::npos) << get(order).body;
  EXPECT_EQ(reply_to(approval(order)), "order_not_pending");
  EXPECT_EQ(reply_to(rejection(order)), "success") << "a compensation that is sent again";
  EXPECT_EQ(reply_to(approval("order")), "malformed_id");
  EXPECT_EQ(get(order).headers.at("etag"), "\"2\"") << "nothing more has happened";
}

TEST_F(OrderingService, DoesOnceWhatItIsToldTwice) {
  tell_of_checkout(order);
  check_out(order);
  const auto command = approval(order);
  EXPECT_EQ(reply_to(command), "success");
  mall.send(command);
  EXPECT_EQ(reply_to(approval(order)), "success") << "another message that says the same, behind the doubled one";
  EXPECT_EQ(mall.count_replies(command.id), 1u);
  tell_of_picking(order);
  tell_of_picking(order);
  EXPECT_EQ(mall.hear<pb::OrderReadied>(order).first.aggregate_version, 3u);
  tell_of_invoice<InvoicePaid>(order, 2);
  tell_of_invoice<InvoicePaid>(order, 2);
  EXPECT_EQ(mall.hear<pb::OrderCompleted>(order).first.aggregate_version, 4u);
  // What was told of an order comes in its order, so a doubled event would have been heard by now.
  EXPECT_EQ(mall.count<pb::OrderCreated>(order), 1u);
  EXPECT_EQ(mall.count<pb::OrderApproved>(order), 1u);
  EXPECT_EQ(mall.count<pb::OrderReadied>(order), 1u);
}

TEST_F(OrderingService, CancelsAPendingAndAnApprovedOrderOnce) {
  const auto pending = nth(1), approved = nth(2);
  check_out(pending);
  check_out(approved);
  approve(approved);

  const auto done = cancel(pending, anns);
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.text("id"), pending);
  EXPECT_EQ(done.text("status"), "CANCELED");
  EXPECT_EQ(mall.hear<pb::OrderCanceled>(pending).second.payment_id(), card);

  EXPECT_EQ(cancel(approved, anns, "If-Match: \"1\"\r\n").status, 412);
  EXPECT_EQ(cancel(approved, operators, "If-Match: \"2\"\r\n").status, 200);
  EXPECT_EQ(mall.hear<pb::OrderCanceled>(approved).second.user_id(), ann);

  const auto again = cancel(pending, anns);
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(again.headers.at("etag"), "\"2\"") << "nothing more has happened";
  EXPECT_EQ(reply_to(approval(pending)), "order_not_pending") << "the saga comes too late";
}

TEST_F(OrderingService, RefusesToCancelAnOrderThatIsReadyOrEnded) {
  const auto ready = nth(1), completed = nth(2), rejected = nth(3);
  for (const auto& each : {ready, completed, rejected}) check_out(each);
  reject(rejected);
  for (const auto& each : {ready, completed}) {
    approve(each);
    make_ready(each);
  }
  complete(completed);
  for (const auto& each : {ready, completed, rejected}) {
    const auto before = get(each).text("status");
    for (const auto& token : {anns, operators}) {
      const auto refused = cancel(each, token);
      EXPECT_EQ(refused.status, 409) << refused.body;
      EXPECT_EQ(refused.text("code"), "order_not_cancelable") << refused.body;
      EXPECT_EQ(refused.headers.at("content-type"), "application/problem+json");
      EXPECT_NE(refused.text("detail"), "");
      EXPECT_NE(refused.text("traceId"), "");
    }
    EXPECT_EQ(get(each).text("status"), before);
  }
}

TEST_F(OrderingService, AnswersEachRefusalWithItsStatusAndCode) {
  check_out(order);
  const auto unknown = nth(99);
  struct Case {
    HttpAnswer answer;
    int status;
    const char* code;
  };
  for (const auto& [answer, status, code] : {
           Case{get(order, bobs), 403, "not_your_order"},
           Case{cancel(order, bobs), 403, "not_your_order"},
           Case{get(unknown, anns), 404, "no_such_order"},
           Case{cancel(unknown, anns), 404, "no_such_order"},
           Case{get("order", anns), 400, "malformed_id"},
           Case{cancel("order", anns), 400, "malformed_id"},
           Case{get(order, ""), 401, "not_signed_in"},
           Case{cancel(order, ""), 401, "not_signed_in"},
           Case{list_orders(""), 401, "not_signed_in"},
           Case{cancel(order, anns, "If-Match: \"7\"\r\n"), 412, "stale_version"},
           Case{list_orders(anns, "?pageSize=101"), 400, "page_size_out_of_range"},
           Case{list_orders(anns, "?pageSize=-1"), 400, "page_size_out_of_range"},
           Case{list_orders(anns, "?pageToken=tea"), 400, "malformed_page_token"},
       }) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.text("code"), code) << answer.body;
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  }
  EXPECT_EQ(get(order, operators).status, 200);
  EXPECT_EQ(get(order).text("status"), "PENDING");
}

TEST_F(OrderingService, ListsTheCallersOrdersNewestFirstInPages) {
  for (std::uint64_t n = 1; n <= 3; ++n) check_out(nth(n));
  const auto first = list_orders(anns, "?pageSize=2");
  ASSERT_EQ(first.status, 200) << first.body;
  const auto has = [](const HttpAnswer& answer, std::uint64_t n) {
    return answer.body.find("\"id\":\"" + nth(n) + "\"") != std::string::npos;
  };
  EXPECT_TRUE(has(first, 3) && has(first, 2) && !has(first, 1)) << first.body;
  EXPECT_LT(first.body.find(nth(3)), first.body.find(nth(2)));
  EXPECT_NE(first.body.find("\"productName\":\"Tea\""), std::string::npos);
  EXPECT_EQ(first.body.find("\"detail\""), std::string::npos) << "no history in lists";
  ASSERT_NE(first.text("nextPageToken"), "");

  check_out(nth(4));
  const auto second = list_orders(anns, "?pageSize=2&pageToken=" + first.text("nextPageToken"));
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_TRUE(has(second, 1) && !has(second, 2) && !has(second, 4)) << second.body;
  EXPECT_EQ(second.text("nextPageToken"), "");

  EXPECT_FALSE(has(list_orders(bobs), 1));
  EXPECT_FALSE(has(list_orders(operators), 1)) << "also an operator's list is their own";
}

TEST_F(OrderingService, MakesAnOrderReadyWithItsApprovalWhereTheGoodsWerePickedBefore) {
  check_out(order);
  tell_of_picking(order);
  wait_until([&] { return get(order).headers.at("etag") == "\"2\""; }, "the picked goods to be noted");
  EXPECT_EQ(get(order).text("status"), "PENDING");
  approve(order);
  EXPECT_EQ(mall.hear<pb::OrderApproved>(order).first.aggregate_version, 3u);
  EXPECT_EQ(mall.hear<pb::OrderReadied>(order).first.aggregate_version, 4u);
}

TEST_F(OrderingService, LosesNoMessageThatComesBeforeItsTime) {
  tell_of_invoice<InvoiceCreated>(order);
  await_outcome<InvoiceCreated>("parked");
  tell_of_invoice<InvoicePaid>(order, 2);
  await_outcome<InvoicePaid>("queued");
  tell_of_picking(order);
  await_outcome<mallbots::depot::v1::ShoppingListCompleted>("parked");
  check_out(order);
  approve(order);
  EXPECT_EQ(mall.hear<pb::OrderCompleted>(order).second.invoice_id(), invoice);
  EXPECT_EQ(get(order).text("invoiceId"), invoice);
  EXPECT_EQ(get(order).text("status"), "COMPLETED");
}

TEST_F(OrderingService, CancelsAnOrderWhoseListIsCanceledOnceItIsApproved) {
  const auto approved = nth(1), pending = nth(2), rejected = nth(3);
  for (const auto& each : {approved, pending, rejected}) check_out(each);
  approve(approved);
  tell_of_canceled_list(approved);
  EXPECT_EQ(mall.hear<pb::OrderCanceled>(approved).first.aggregate_version, 3u);
  EXPECT_EQ(get(approved).text("status"), "CANCELED");

  for (const auto& each : {pending, rejected}) {
    tell_of_canceled_list(each);
    wait_until([&] { return get(each).headers.at("etag") == "\"2\""; }, "the canceled list to be noted");
    EXPECT_EQ(get(each).text("status"), "PENDING") << "the saga is at work";
  }
  approve(pending);
  EXPECT_EQ(mall.hear<pb::OrderApproved>(pending).first.aggregate_version, 3u);
  EXPECT_EQ(mall.hear<pb::OrderCanceled>(pending).first.aggregate_version, 4u);
  EXPECT_EQ(get(pending).text("status"), "CANCELED");
  reject(rejected);
  EXPECT_EQ(mall.hear<pb::OrderRejected>(rejected).first.aggregate_version, 3u);
  EXPECT_EQ(get(rejected).text("status"), "REJECTED");
}

TEST_F(OrderingService, CancelsAReadyOrderWhoseInvoiceIsCanceled) {
  check_out(order);
  approve(order);
  make_ready(order);
  tell_of_invoice<InvoiceCreated>(order);
  tell_of_invoice<InvoiceCanceled>(order, 2);
  EXPECT_EQ(mall.hear<pb::OrderCanceled>(order).first.aggregate_version, 4u);
  EXPECT_EQ(get(order).text("status"), "CANCELED");
  EXPECT_EQ(get(order).text("invoiceId"), invoice);
}

TEST_F(OrderingService, ServesItsDocumentationAndItsProbes) {
  EXPECT_EQ(service.ask("GET", "/liveness").status, 200);
  EXPECT_EQ(service.ask("GET", "/readiness").status, 200);
  EXPECT_NE(service.ask("GET", "/openapi.json").body.find("/api/v1/orders/{id}:cancel"), std::string::npos);
  EXPECT_EQ(service.ask("GET", "/swagger/").status, 200);
  EXPECT_NE(service.ask("GET", "/metrics").body.find("process_resident_memory_bytes"), std::string::npos);
}

}  // namespace
}  // namespace ordering::tests
