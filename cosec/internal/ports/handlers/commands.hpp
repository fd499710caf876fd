#pragma once

#include "cosec/internal/app/create_order_saga.hpp"

namespace cosec::ports {

/// The commands as the participants' protos say them, on the participants' channels.
class ProtoParticipants final : public app::Participants {
 public:
  pkg::saga::Body authorize_user(const domain::CreateOrder& order) const override;
  pkg::saga::Body reserve_stock(const domain::CreateOrder& order) const override;
  pkg::saga::Body release_stock(const domain::CreateOrder& order) const override;
  pkg::saga::Body create_shopping_list(const domain::CreateOrder& order) const override;
  pkg::saga::Body cancel_shopping_list(const domain::CreateOrder& order) const override;
  pkg::saga::Body initiate_shopping(const domain::CreateOrder& order) const override;
  pkg::saga::Body confirm_payment(const domain::CreateOrder& order) const override;
  pkg::saga::Body release_payment(const domain::CreateOrder& order) const override;
  pkg::saga::Body approve_order(const domain::CreateOrder& order) const override;
  pkg::saga::Body reject_order(const domain::CreateOrder& order, const pkg::saga::Failure& why) const override;
  std::optional<domain::ShoppingListId> created_list(std::string_view reply) const override;
};

}  // namespace cosec::ports
