#pragma once
// What search can do: its queries, each in its own file. What it finds is learned from messages by ports/handlers, straight into the
// read models.

#include "pkg/uow/unit_of_work.hpp"
#include "search/internal/app/ports.hpp"
#include "search/internal/app/queries/get_order.hpp"
#include "search/internal/app/queries/search_orders.hpp"
#include "search/internal/app/queries/search_products.hpp"

namespace search::app {

/// Everything that the application needs; all of it outlives the application.
struct Needs {
  pkg::uow::Transactor& transactor;
  ProductIndex& products;
  OrderHistory& orders;
};

class Application {
 public:
  explicit Application(const Needs& needs);
  Application(const Application&) = delete;  // the ports refer to it
  Application& operator=(const Application&) = delete;

  pkg::errors::Result<pkg::paging::Slice<FoundProduct>> search_products(const pkg::uow::Cause& cause, const ProductQuery& query) const;
  pkg::errors::Result<pkg::paging::Slice<FoundOrder>> search_orders(const pkg::uow::Cause& cause, const SearchOrders& query) const;
  pkg::errors::Result<FoundOrder> get_order(const pkg::uow::Cause& cause, const GetOrder& query) const;

 private:
  pkg::uow::Transactor& transactor_;
  SearchProductsHandler search_products_;
  SearchOrdersHandler search_orders_;
  GetOrderHandler get_order_;
};

}  // namespace search::app
