#include "search/internal/ports/grpc/server.hpp"

#include <google/protobuf/util/time_util.h>

#include "pkg/money/moneypb/convert.hpp"
#include "pkg/paging/paging.hpp"
#include "pkg/rpc/read.hpp"
#include "search/internal/constants/names.hpp"
#include "search/searchpb/api.pb.h"

namespace search::ports {
namespace {

namespace pb = mallbots::search::v1;
using google::protobuf::util::TimeUtil;
using pkg::errors::ErrorKind;
using pkg::errors::fail;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::rpc::Call;
using pkg::rpc::read_id;

pb::FoundProduct to_proto(const app::FoundProduct& product) {
  pb::FoundProduct message;
  message.set_id(product.id.to_string());
  message.set_store_id(product.store.to_string());
  message.set_store_name(product.store_name);
  message.set_name(product.name);
  message.set_description(product.description);
  message.set_sku(product.sku);
  *message.mutable_price() = pkg::money::to_proto(product.price);
  return message;
}

pb::FoundOrder to_proto(const app::FoundOrder& order) {
  pb::FoundOrder message;
  message.set_id(order.id.to_string());
  message.set_user_id(order.user.to_string());
  message.set_username(order.username);
  message.set_status(std::string(to_word(order.status)));
  for (const auto& line : order.items) {
    auto& item = *message.add_items();
    item.set_product_id(line.product.to_string());
    item.set_store_id(line.store.to_string());
    item.set_product_name(line.product_name);
    item.set_store_name(line.store_name);
    *item.mutable_price() = pkg::money::to_proto(line.price);
    item.set_quantity(line.quantity);
  }
  *message.mutable_total() = pkg::money::to_proto(order.total);
  *message.mutable_created_at() = TimeUtil::MicrosecondsToTimestamp(pkg::clock::unix_us(order.created_at));
  return message;
}

template <class Id>
Result<std::vector<Id>> read_ids(const google::protobuf::RepeatedPtrField<std::string>& texts, const std::string& field) {
  std::vector<Id> ids;
  for (const auto& text : texts) {
    const auto id = read_id<Id>(text, field + "[" + std::to_string(ids.size()) + "]");
    if (!id) return pass_on(id);
    ids.push_back(*id);
  }
  return ids;
}

/// Nothing where the text is empty.
template <class Id>
Result<std::optional<Id>> read_maybe_id(const std::string& text, std::string_view field) {
  if (text.empty()) return std::optional<Id>{};
  const auto id = read_id<Id>(text, field);
  if (!id) return pass_on(id);
  return std::optional(*id);
}

Result<app::ProductSort> read_sort(pb::SearchProductsRequest::Sort sort) {
  if (sort == pb::SearchProductsRequest::RELEVANCE) return app::ProductSort::relevance;
  if (sort == pb::SearchProductsRequest::PRICE) return app::ProductSort::price;
  if (sort == pb::SearchProductsRequest::PRICE_DESCENDING) return app::ProductSort::price_descending;
  if (sort == pb::SearchProductsRequest::NAME) return app::ProductSort::name;
  return fail(ErrorKind::malformed, "unknown_sort", "Sort by RELEVANCE, PRICE, PRICE_DESCENDING or NAME.", "sort");
}

Result<std::optional<pkg::money::Currency>> read_currency(const std::string& code) {
  if (code.empty()) return std::optional<pkg::money::Currency>{};
  const auto currency = pkg::money::Currency::parse(code);
  if (!currency) return fail(ErrorKind::malformed, "malformed_currency", "A currency is three capital letters, like EUR.", "currency");
  return currency;
}

Result<std::optional<domain::OrderStatus>> read_status(const std::string& word) {
  if (word.empty()) return std::optional<domain::OrderStatus>{};
  const auto status = domain::status_of(word);
  if (!status) {
    return fail(ErrorKind::malformed, "unknown_status", "A status is PENDING, APPROVED, READY, COMPLETED, REJECTED or CANCELED.", "status");
  }
  return status;
}

Result<pkg::clock::TimePoint> read_time(const google::protobuf::Timestamp& time, std::string_view field) {
  if (time.seconds() < TimeUtil::kTimestampMinSeconds || time.seconds() > TimeUtil::kTimestampMaxSeconds) {
    return fail(ErrorKind::malformed, "malformed_time", "A time is between the years 1 and 9999.", std::string(field));
  }
  return pkg::clock::from_unix_us(TimeUtil::TimestampToMicroseconds(time));
}

template <class T>
std::optional<T> maybe(bool given, T value) {
  return given ? std::optional<T>(value) : std::nullopt;
}

Result<app::ProductQuery> read_query(const pb::SearchProductsRequest& request) {
  const auto store = read_maybe_id<domain::StoreId>(request.store_id(), "storeId");
  if (!store) return pass_on(store);
  const auto currency = read_currency(request.currency());
  if (!currency) return pass_on(currency);
  const auto sort = read_sort(request.sort());
  if (!sort) return pass_on(sort);
  const auto page = pkg::paging::read_page(request.page_size(), request.page_token(), app::ProductIndex::cursor_parts);
  if (!page) return pass_on(page);
  return app::ProductQuery{.words = request.q(),
                           .store = *store,
                           .min_price = maybe<std::int64_t>(request.has_min_price(), request.min_price()),
                           .max_price = maybe<std::int64_t>(request.has_max_price(), request.max_price()),
                           .currency = *currency,
                           .sort = *sort,
                           .page = *page};
}

Result<app::OrderQuery> read_filter(const pb::SearchOrdersRequest& request) {
  app::OrderQuery filter;
  if (request.has_after()) {
    const auto time = read_time(request.after(), "after");
    if (!time) return pass_on(time);
    filter.after = *time;
  }
  if (request.has_before()) {
    const auto time = read_time(request.before(), "before");
    if (!time) return pass_on(time);
    filter.before = *time;
  }
  auto stores = read_ids<domain::StoreId>(request.store_ids(), "storeIds");
  if (!stores) return pass_on(stores);
  auto products = read_ids<domain::ProductId>(request.product_ids(), "productIds");
  if (!products) return pass_on(products);
  const auto status = read_status(request.status());
  if (!status) return pass_on(status);
  const auto page = pkg::paging::read_page(request.page_size(), request.page_token(), app::OrderHistory::cursor_parts);
  if (!page) return pass_on(page);
  filter.stores = std::move(*stores);
  filter.products = std::move(*products);
  filter.min_total = maybe<std::int64_t>(request.has_min_total(), request.min_total());
  filter.max_total = maybe<std::int64_t>(request.has_max_total(), request.max_total());
  filter.status = *status;
  filter.page = *page;
  return filter;
}

Result<domain::Actor> read_actor(const Call& call) {
  const auto user = pkg::rpc::read_caller<domain::UserId>(call.caller);
  if (!user) return pass_on(user);
  return domain::Actor{*user, call.caller.has_role(constants::operator_role)};
}

class Calls {
 public:
  explicit Calls(const app::Application& app) : app_(app) {}

  Result<pb::SearchProductsResponse> search_products(const Call& call, const pb::SearchProductsRequest& request) const {
    const auto query = read_query(request);
    if (!query) return pass_on(query);
    const auto found = app_.search_products(call.cause, *query);
    if (!found) return pass_on(found);
    pb::SearchProductsResponse response;
    for (const auto& product : found->items) *response.add_products() = to_proto(product);
    response.set_next_page_token(pkg::paging::write_token(found->next));
    return response;
  }

  Result<pb::SearchOrdersResponse> search_orders(const Call& call, const pb::SearchOrdersRequest& request) const {
    const auto actor = read_actor(call);
    if (!actor) return pass_on(actor);
    const auto user = read_maybe_id<domain::UserId>(request.user_id(), "userId");
    if (!user) return pass_on(user);
    const auto filter = read_filter(request);
    if (!filter) return pass_on(filter);
    const auto found = app_.search_orders(call.cause, {*actor, *user, *filter});
    if (!found) return pass_on(found);
    pb::SearchOrdersResponse response;
    for (const auto& order : found->items) *response.add_orders() = to_proto(order);
    response.set_next_page_token(pkg::paging::write_token(found->next));
    return response;
  }

  Result<pb::FoundOrder> get_order(const Call& call, const pb::GetOrderRequest& request) const {
    const auto actor = read_actor(call);
    if (!actor) return pass_on(actor);
    const auto order = read_id<domain::OrderId>(request.id(), "id");
    if (!order) return pass_on(order);
    const auto found = app_.get_order(call.cause, {*order, *actor});
    if (!found) return pass_on(found);
    return to_proto(*found);
  }

 private:
  const app::Application& app_;
};

}  // namespace

pkg::rpc::Service search_service(const app::Application& app) {
  const Calls calls(app);
  return pkg::rpc::Service("mallbots.search.v1.SearchService")
      .unary("SearchProducts", calls, &Calls::search_products)
      .unary("SearchOrders", calls, &Calls::search_orders)
      .unary("GetOrder", calls, &Calls::get_order);
}

}  // namespace search::ports
