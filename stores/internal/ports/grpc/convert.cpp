#include "stores/internal/ports/grpc/convert.hpp"

#include "pkg/money/moneypb/convert.hpp"
#include "pkg/rpc/read.hpp"

namespace stores::ports {

namespace pb = mallbots::stores::v1;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::rpc::Call;

pb::Store to_proto(const app::StoreView& store) {
  pb::Store message;
  message.set_id(store.id.to_string());
  message.set_name(store.name);
  message.set_location(store.location);
  message.set_owner_id(store.owner.to_string());
  message.set_participating(store.participating);
  message.set_version(store.version);
  return message;
}

pb::Store to_proto(const domain::StoreId& id, const pkg::es::Loaded<domain::Store>& loaded) {
  const auto& store = loaded.state;
  return to_proto(app::StoreView{id, store.owner, store.name, store.location, store.participating, loaded.version});
}

pb::Product to_proto(const app::ProductView& product) {
  pb::Product message;
  message.set_id(product.id.to_string());
  message.set_store_id(product.store.to_string());
  message.set_name(product.name);
  message.set_description(product.description);
  message.set_sku(product.sku);
  *message.mutable_price() = pkg::money::to_proto(product.price);
  if (product.stock.on_hand) message.set_stock(*product.stock.on_hand);
  if (const auto left = available(product.stock)) message.set_available(*left);
  message.set_version(product.version);
  return message;
}

Result<domain::Actor> read_actor(const Call& call) {
  const auto user = pkg::rpc::read_caller<domain::UserId>(call.caller);
  if (!user) return pass_on(user);
  return domain::Actor{*user, call.caller.has_role("operator")};
}

template <class Id>
Result<Target<Id>> read_target(const Call& call, const std::string& id, const char* field) {
  const auto actor = read_actor(call);
  if (!actor) return pass_on(actor);
  const auto target = pkg::rpc::read_id<Id>(id, field);
  if (!target) return pass_on(target);
  return Target<Id>{*target, *actor};
}
template Result<Target<domain::StoreId>> read_target(const Call&, const std::string&, const char*);
template Result<Target<domain::ProductId>> read_target(const Call&, const std::string&, const char*);

}  // namespace stores::ports
