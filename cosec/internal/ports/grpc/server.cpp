#include "cosec/internal/ports/grpc/server.hpp"

#include <algorithm>
#include <utility>

#include <google/protobuf/util/time_util.h>

#include "cosec/cosecpb/api.pb.h"
#include "cosec/internal/domain/create_order.hpp"
#include "pkg/paging/paging.hpp"
#include "pkg/rpc/read.hpp"

namespace cosec::ports {
namespace {

namespace pb = mallbots::cosec::v1;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::rpc::Call;
using pkg::saga::Progress;
using pkg::saga::Status;

pb::Saga::Status to_proto(Status status) {
  switch (status) {
    case Status::not_started: return pb::Saga::STATUS_UNSPECIFIED;
    case Status::running: return pb::Saga::RUNNING;
    case Status::compensating: return pb::Saga::COMPENSATING;
    case Status::canceling: return pb::Saga::CANCELING;
    case Status::completed: return pb::Saga::COMPLETED;
    case Status::compensated: return pb::Saga::COMPENSATED;
    case Status::canceled: return pb::Saga::CANCELED;
  }
  std::unreachable();
}

/// Nothing where the request names none.
Result<std::optional<Status>> read_status(pb::Saga::Status wanted) {
  if (wanted == pb::Saga::STATUS_UNSPECIFIED) return std::optional<Status>{};
  for (const auto known :
       {Status::running, Status::compensating, Status::canceling, Status::completed, Status::compensated, Status::canceled}) {
    if (to_proto(known) == wanted) return std::optional(known);
  }
  return pkg::errors::fail(pkg::errors::ErrorKind::malformed, "unknown_status", "There is no such status of a saga.", "status");
}

pb::SagaStep::State to_proto(Progress progress) {
  switch (progress) {
    case Progress::pending: return pb::SagaStep::TO_DO;
    case Progress::sent: return pb::SagaStep::UNDER_WAY;
    case Progress::done: return pb::SagaStep::DONE;
    case Progress::failed: return pb::SagaStep::FAILED;
    case Progress::unknown: return pb::SagaStep::UNANSWERED;
    case Progress::undone: return pb::SagaStep::UNDONE;
  }
  std::unreachable();
}

google::protobuf::Timestamp to_proto(pkg::clock::TimePoint time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(pkg::clock::unix_us(time));
}

pb::Saga to_proto(const pkg::saga::State& state, const pkg::saga::Definition* definition) {
  pb::Saga saga;
  saga.set_id(state.id);
  saga.set_name(state.name);
  saga.set_status(to_proto(state.status));
  saga.set_alert(state.alert);
  saga.set_failure_code(state.failure_code);
  *saga.mutable_started_at() = to_proto(state.started_at);
  *saga.mutable_updated_at() = to_proto(state.changed_at);
  for (std::size_t at = 0; definition != nullptr && at < definition->steps.size() && at < state.steps.size(); ++at) {
    auto& step = *saga.add_steps();
    step.set_name(definition->steps[at].name);
    step.set_has_compensation(static_cast<bool>(definition->steps[at].compensation));
    const bool to_undo = state.steps[at] == Progress::unknown && step.has_compensation();
    step.set_state(to_undo ? pb::SagaStep::TO_UNDO : to_proto(state.steps[at]));
    if (state.in_flight && state.in_flight->step == at) saga.set_step(definition->steps[at].name);
  }
  return saga;
}

pb::Saga to_proto(const app::SagaView& view, const pkg::saga::Definition* definition) {
  auto saga = to_proto(view.state, definition);
  const bool backwards = view.state.status == Status::compensating || view.state.status == Status::canceling;
  for (auto& step : *saga.mutable_steps()) {
    if (backwards && std::ranges::find(view.plan.would_undo, step.name()) != view.plan.would_undo.end())
      step.set_state(pb::SagaStep::TO_UNDO);
  }
  for (const auto& entry : view.history) {
    auto& line = *saga.add_history();
    *line.mutable_at() = to_proto(entry.time);
    line.set_step(entry.step);
    line.set_what(entry.direction.empty() ? entry.what : entry.direction + " " + entry.what);
    line.set_detail(entry.detail);
  }
  for (const auto& step : view.plan.next) saga.add_next(step);
  for (const auto& step : view.plan.would_undo) saga.add_would_undo(step);
  return saga;
}

class Calls {
 public:
  explicit Calls(const app::Application& app) : app_(app) {}

  Result<pb::ListSagasResponse> list(const Call& call, const pb::ListSagasRequest& request) const {
    const auto status = read_status(request.status());
    if (!status) return pass_on(status);
    const auto page = pkg::paging::read_page(request.page_size(), request.page_token(), 1);
    if (!page) return pass_on(page);
    const auto sagas = app_.list_sagas(call.cause, *status, page->size, page->after.empty() ? std::string() : page->after.front());
    if (!sagas) return pass_on(sagas);
    pb::ListSagasResponse response;
    for (const auto& state : sagas->sagas) *response.add_sagas() = to_proto(state, app_.definition_of(state));
    if (!sagas->next_page_token.empty()) response.set_next_page_token(pkg::paging::write_token({sagas->next_page_token}));
    return response;
  }

  Result<pb::Saga> get(const Call& call, const pb::GetSagaRequest& request) const {
    const auto order = pkg::rpc::read_id<domain::OrderId>(request.id(), "id");
    if (!order) return pass_on(order);
    const auto saga = app_.get_saga(call.cause, order->to_string());
    if (!saga) return pass_on(saga);
    return to_proto(*saga, app_.definition_of(saga->state));
  }

 private:
  const app::Application& app_;
};

}  // namespace

pkg::rpc::Service cosec_service(const app::Application& app) {
  const Calls calls(app);
  return pkg::rpc::Service("mallbots.cosec.v1.CosecService").unary("ListSagas", calls, &Calls::list).unary("GetSaga", calls, &Calls::get);
}

}  // namespace cosec::ports
