#pragma once
// What baskets can do: its commands and queries, each in its own file. The handlers work in a unit of work that is passed to them;
// Application opens one for calls that come from outside.

#include "baskets/internal/app/commands/add_item.hpp"
#include "baskets/internal/app/commands/cancel_basket.hpp"
#include "baskets/internal/app/commands/check_out_basket.hpp"
#include "baskets/internal/app/commands/expire_basket.hpp"
#include "baskets/internal/app/commands/remove_item.hpp"
#include "baskets/internal/app/commands/reprice_basket.hpp"
#include "baskets/internal/app/commands/start_basket.hpp"
#include "baskets/internal/app/ports.hpp"
#include "baskets/internal/app/queries/get_basket.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace baskets::app {

/// Everything that the application needs; all of it outlives the application.
struct Needs {
  pkg::uow::Transactor& transactor;
  BasketStore& baskets;
  OpenBaskets& open_baskets;
  OfferCache& offers;
  Catalog& catalog;
  BasketNews& news;
  const pkg::clock::Clock& clock;
};

using Changed = pkg::errors::Result<pkg::es::Loaded<domain::Basket>>;

class Application {
 public:
  explicit Application(const Needs& needs);
  Application(const Application&) = delete;  // the handlers refer to changes_ here
  Application& operator=(const Application&) = delete;

  Changed start_basket(const pkg::uow::Cause& cause, const StartBasket& command);
  /// Asks stores for a product that no event has told of yet. Fails with `unavailable` where stores is away then.
  Changed add_item(const pkg::uow::Cause& cause, const AddItem& command);
  Changed remove_item(const pkg::uow::Cause& cause, const RemoveItem& command);
  Changed reprice_basket(const pkg::uow::Cause& cause, const RepriceBasket& command);
  Changed check_out_basket(const pkg::uow::Cause& cause, const CheckOutBasket& command);
  Changed cancel_basket(const pkg::uow::Cause& cause, const CancelBasket& command);
  Changed get_basket(const pkg::uow::Cause& cause, const GetBasket& query);

  /// Expires baskets that nobody touched for `lifetime`, at most `limit`, each in a unit of its own. Gives how many it looked at, so
  /// that fewer than `limit` means that none are left.
  pkg::errors::Result<int> expire_baskets(const pkg::uow::Cause& cause, pkg::clock::Duration lifetime, int limit);

 private:
  /// Whether stores knew the product.
  pkg::errors::Result<bool> learn_of(const pkg::uow::Cause& cause, const domain::ProductId& product);

  Needs needs_;
  BasketChanges changes_;
  StartBasketHandler start_basket_;
  AddItemHandler add_item_;
  RemoveItemHandler remove_item_;
  RepriceBasketHandler reprice_basket_;
  CheckOutBasketHandler check_out_basket_;
  CancelBasketHandler cancel_basket_;
  ExpireBasketHandler expire_basket_;
  GetBasketHandler get_basket_;
};

}  // namespace baskets::app
