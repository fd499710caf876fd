#include "pkg/paging/paging.hpp"
#include "pkg/rpc/read.hpp"
#include "stores/internal/ports/grpc/calls.hpp"
#include "stores/internal/ports/grpc/convert.hpp"

namespace stores::ports {
namespace {

namespace pb = mallbots::stores::v1;
using domain::StoreId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::rpc::Call;

class StoreCalls {
 public:
  StoreCalls(const app::Application& app, pkg::ids::IdSource& ids) : app_(app), ids_(ids) {}

  Result<pb::CreateStoreResponse> create(const Call& call, const pb::CreateStoreRequest& request) const {
    const auto actor = read_actor(call);
    if (!actor) return pass_on(actor);
    const auto store = StoreId::make(ids_);
    if (const auto created = app_.create_store(call.cause, {store, *actor, request.name(), request.location()}); !created)
      return pass_on(created);
    pb::CreateStoreResponse response;
    response.set_id(store.to_string());
    return response;
  }

  Result<pb::Store> get(const Call& call, const pb::GetStoreRequest& request) const {
    const auto store = pkg::rpc::read_id<StoreId>(request.id(), "id");
    if (!store) return pass_on(store);
    const auto found = app_.get_store(call.cause, {*store});
    if (!found) return pass_on(found);
    return to_proto(*found);
  }

  Result<pb::ListStoresResponse> list(const Call& call, const pb::ListStoresRequest& request) const {
    const auto page = pkg::paging::read_page(request.page_size(), request.page_token(), app::cursor_parts);
    if (!page) return pass_on(page);
    const auto participating = request.has_participating() ? std::optional(request.participating()) : std::nullopt;
    const auto stores = app_.list_stores(call.cause, {participating, *page});
    if (!stores) return pass_on(stores);
    pb::ListStoresResponse response;
    for (const auto& store : stores->items) *response.add_stores() = to_proto(store);
    response.set_next_page_token(pkg::paging::write_token(stores->next));
    return response;
  }

  Result<pb::Store> rebrand(const Call& call, const pb::RebrandStoreRequest& request) const {
    const auto target = read_target<StoreId>(call, request.id(), "id");
    if (!target) return pass_on(target);
    return answer(target->id, app_.rebrand_store(call.cause, {target->id, target->by, request.name(), call.if_match}));
  }

  Result<pb::Store> enable(const Call& call, const pb::EnableParticipationRequest& request) const {
    const auto target = read_target<StoreId>(call, request.id(), "id");
    if (!target) return pass_on(target);
    return answer(target->id, app_.enable_participation(call.cause, {target->id, target->by, call.if_match}));
  }

  Result<pb::Store> disable(const Call& call, const pb::DisableParticipationRequest& request) const {
    const auto target = read_target<StoreId>(call, request.id(), "id");
    if (!target) return pass_on(target);
    return answer(target->id, app_.disable_participation(call.cause, {target->id, target->by, call.if_match}));
  }

 private:
  static Result<pb::Store> answer(const StoreId& id, const app::ChangedStore& changed) {
    if (!changed) return pass_on(changed);
    return to_proto(id, *changed);
  }

  const app::Application& app_;
  pkg::ids::IdSource& ids_;
};

}  // namespace

void bind_store_calls(pkg::rpc::Service& service, const app::Application& app, pkg::ids::IdSource& ids) {
  const StoreCalls calls(app, ids);
  service.unary("CreateStore", calls, &StoreCalls::create)
      .unary("GetStore", calls, &StoreCalls::get)
      .unary("ListStores", calls, &StoreCalls::list)
      .unary("RebrandStore", calls, &StoreCalls::rebrand)
      .unary("EnableParticipation", calls, &StoreCalls::enable)
      .unary("DisableParticipation", calls, &StoreCalls::disable);
}

}  // namespace stores::ports
