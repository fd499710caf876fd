#pragma once
// Between the messages of storespb/api.proto and what the application knows.

#include "pkg/errors/error.hpp"
#include "pkg/rpc/call.hpp"
#include "stores/internal/app/ports.hpp"
#include "stores/storespb/api.pb.h"

namespace stores::ports {

mallbots::stores::v1::Store to_proto(const app::StoreView& store);
mallbots::stores::v1::Store to_proto(const domain::StoreId& id, const pkg::es::Loaded<domain::Store>& loaded);
mallbots::stores::v1::Product to_proto(const app::ProductView& product);

/// Who calls. Fails with `forbidden`, code "not_a_user".
pkg::errors::Result<domain::Actor> read_actor(const pkg::rpc::Call& call);

/// Who calls about what: what every change begins with. Fails besides with `malformed`.
template <class Id>
struct Target {
  Id id;
  domain::Actor by;
};
template <class Id>
pkg::errors::Result<Target<Id>> read_target(const pkg::rpc::Call& call, const std::string& id, const char* field);
extern template pkg::errors::Result<Target<domain::StoreId>> read_target(const pkg::rpc::Call&, const std::string&, const char*);
extern template pkg::errors::Result<Target<domain::ProductId>> read_target(const pkg::rpc::Call&, const std::string&, const char*);

}  // namespace stores::ports
