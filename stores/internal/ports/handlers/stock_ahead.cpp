#include "stores/internal/ports/handlers/stock_ahead.hpp"

#include "ordering/orderingpb/messages.pb.h"
#include "pkg/rpc/read.hpp"
#include "stores/storespb/messages.pb.h"

namespace stores::ports {
namespace {

using app::StockWanted;
using domain::OrderId;
using domain::ProductId;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;

/// Nothing where the message is another or cannot be read: its handler says so.
template <class P>
std::optional<P> read(const Message& message) {
  P payload;
  if (message.type != P::descriptor()->full_name() || !payload.ParseFromString(message.payload)) return std::nullopt;
  return payload;
}

template <class P>
std::optional<StockWanted> of_order(const P& message) {
  const auto order = read_id<OrderId>(message.order_id(), "order_id");
  return order ? std::optional(StockWanted{*order, {}}) : std::nullopt;
}

std::optional<StockWanted> wanted_by(const Message& message) {
  if (const auto command = read<mallbots::stores::v1::ReserveStock>(message)) {
    auto wanted = of_order(*command);
    for (const auto& item : command->items()) {
      if (const auto product = read_id<ProductId>(item.product_id(), "items.product_id"); wanted && product) {
        wanted->products.push_back(*product);
      }
    }
    return wanted;
  }
  if (const auto command = read<mallbots::stores::v1::ReleaseStock>(message)) return of_order(*command);
  if (const auto event = read<mallbots::ordering::v1::OrderCompleted>(message)) return of_order(*event);
  if (const auto event = read<mallbots::ordering::v1::OrderCanceled>(message)) return of_order(*event);
  return std::nullopt;
}

}  // namespace

void look_ahead_at_stock(pkg::messaging::Handlers& handlers, const app::Application& app) {
  handlers.announce_to([&app](pkg::uow::UnitOfWork& unit, std::span<const Message* const> messages) -> Result<> {
    std::vector<StockWanted> wanted;
    for (const Message* message : messages) {
      if (auto each = wanted_by(*message)) wanted.push_back(*std::move(each));
    }
    return wanted.size() < 2 ? Result<>() : app.look_ahead_at_stock(unit, wanted);
  });
}

}  // namespace stores::ports
