#include "cosec/internal/ports/handlers/commands.hpp"

#include "cosec/internal/constants/names.hpp"
#include "depot/depotpb/messages.pb.h"
#include "ordering/orderingpb/messages.pb.h"
#include "payments/paymentspb/messages.pb.h"
#include "pkg/money/moneypb/convert.hpp"
#include "stores/storespb/messages.pb.h"
#include "users/userspb/messages.pb.h"

namespace cosec::ports {
namespace {

using domain::CreateOrder;
using pkg::saga::Body;

Body body(std::string_view channel, const google::protobuf::Message& command) {
  return {std::string(command.GetDescriptor()->full_name()), std::string(channel), command.SerializeAsString()};
}

}  // namespace

Body ProtoParticipants::authorize_user(const CreateOrder& order) const {
  mallbots::users::v1::AuthorizeUser command;
  command.set_user_id(order.user.to_string());
  return body(constants::users_commands, command);
}

Body ProtoParticipants::reserve_stock(const CreateOrder& order) const {
  mallbots::stores::v1::ReserveStock command;
  command.set_order_id(order.order.to_string());
  for (const auto& line : order.items) {
    auto& item = *command.add_items();
    item.set_product_id(line.product.to_string());
    item.set_quantity(line.quantity);
  }
  return body(constants::stores_commands, command);
}

Body ProtoParticipants::release_stock(const CreateOrder& order) const {
  mallbots::stores::v1::ReleaseStock command;
  command.set_order_id(order.order.to_string());
  return body(constants::stores_commands, command);
}

Body ProtoParticipants::create_shopping_list(const CreateOrder& order) const {
  mallbots::depot::v1::CreateShoppingList command;
  command.set_order_id(order.order.to_string());
  for (const auto& line : order.items) {
    auto& item = *command.add_items();
    item.set_product_id(line.product.to_string());
    item.set_store_id(line.store.to_string());
    item.set_product_name(line.product_name);
    item.set_store_name(line.store_name);
    item.set_quantity(line.quantity);
  }
  return body(constants::depot_commands, command);
}

Body ProtoParticipants::cancel_shopping_list(const CreateOrder& order) const {
  mallbots::depot::v1::CancelShoppingList command;
  command.set_order_id(order.order.to_string());
  return body(constants::depot_commands, command);
}

Body ProtoParticipants::initiate_shopping(const CreateOrder& order) const {
  mallbots::depot::v1::InitiateShopping command;
  command.set_order_id(order.order.to_string());
  return body(constants::depot_commands, command);
}

Body ProtoParticipants::confirm_payment(const CreateOrder& order) const {
  mallbots::payments::v1::ConfirmPayment command;
  command.set_order_id(order.order.to_string());
  command.set_payment_id(order.payment.to_string());
  command.set_user_id(order.user.to_string());
  *command.mutable_total() = pkg::money::to_proto(order.total);
  return body(constants::payments_commands, command);
}

Body ProtoParticipants::release_payment(const CreateOrder& order) const {
  mallbots::payments::v1::ReleasePayment command;
  command.set_order_id(order.order.to_string());
  command.set_payment_id(order.payment.to_string());
  return body(constants::payments_commands, command);
}

Body ProtoParticipants::approve_order(const CreateOrder& order) const {
  mallbots::ordering::v1::ApproveOrder command;
  command.set_order_id(order.order.to_string());
  if (order.shopping_list) command.set_shopping_list_id(order.shopping_list->to_string());
  return body(constants::ordering_commands, command);
}

Body ProtoParticipants::reject_order(const CreateOrder& order, const pkg::saga::Failure& why) const {
  mallbots::ordering::v1::RejectOrder command;
  command.set_order_id(order.order.to_string());
  command.set_code(why.code);
  command.set_reason(why.detail);
  return body(constants::ordering_commands, command);
}

std::optional<domain::ShoppingListId> ProtoParticipants::created_list(std::string_view reply) const {
  mallbots::depot::v1::CreateShoppingListReply message;
  if (!message.ParseFromArray(reply.data(), static_cast<int>(reply.size()))) return std::nullopt;
  return domain::ShoppingListId::parse(message.shopping_list_id());
}

}  // namespace cosec::ports
