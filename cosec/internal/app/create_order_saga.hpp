#pragma once
// The create-order saga: which step follows which, and what undoes it.
//
//   step                    participant   compensation
//   0 order                 ordering      RejectOrder, unless the order was canceled
//   1 authorize_user        users         -
//   2 reserve_stock         stores        ReleaseStock
//   3 create_shopping_list  depot         CancelShoppingList
//   4 confirm_payment       payments      ReleasePayment
//   5 initiate_shopping     depot         -   (canceling the list undoes it)
//   6 approve_order         ordering      -   (never given up: behind it there is no way back)

#include <optional>
#include <string_view>

#include "cosec/internal/domain/create_order.hpp"
#include "pkg/saga_engine/typed_definition.hpp"

namespace cosec::app {

inline constexpr std::string_view create_order_name = "CreateOrder";

/// Port: how the participants are addressed and what is said to them. Pure. Adapter: ports/handlers/commands.hpp.
class Participants {
 public:
  virtual ~Participants() = default;
  virtual pkg::saga::Body authorize_user(const domain::CreateOrder& order) const = 0;
  virtual pkg::saga::Body reserve_stock(const domain::CreateOrder& order) const = 0;
  virtual pkg::saga::Body release_stock(const domain::CreateOrder& order) const = 0;
  virtual pkg::saga::Body create_shopping_list(const domain::CreateOrder& order) const = 0;
  virtual pkg::saga::Body cancel_shopping_list(const domain::CreateOrder& order) const = 0;
  virtual pkg::saga::Body initiate_shopping(const domain::CreateOrder& order) const = 0;
  virtual pkg::saga::Body confirm_payment(const domain::CreateOrder& order) const = 0;
  virtual pkg::saga::Body release_payment(const domain::CreateOrder& order) const = 0;
  virtual pkg::saga::Body approve_order(const domain::CreateOrder& order) const = 0;
  virtual pkg::saga::Body reject_order(const domain::CreateOrder& order, const pkg::saga::Failure& why) const = 0;
  /// The list's id in depot's answer to create_shopping_list; nothing where it cannot be read.
  virtual std::optional<domain::ShoppingListId> created_list(std::string_view reply) const = 0;
};

/// How long answers are waited for.
struct Patiences {
  pkg::saga::Patience step;
  pkg::saga::Patience compensation;
};

/// `participants` outlives the definition.
pkg::saga::Definition create_order_saga(const Participants& participants, pkg::saga::Codec<domain::CreateOrder> codec,
                                        const Patiences& patiences);

}  // namespace cosec::app
