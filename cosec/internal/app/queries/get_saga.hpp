#pragma once

#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/saga_engine/plan.hpp"
#include "pkg/saga_engine/saga_store.hpp"

namespace cosec::app {

/// A saga with all that operators want to know of it.
struct SagaView {
  pkg::saga::State state;
  pkg::saga::Plan plan;
  std::vector<pkg::saga::HistoryEntry> history;
};

class GetSagaHandler {
 public:
  /// Both outlive this.
  GetSagaHandler(pkg::saga::SagaStore& store, const pkg::saga::Definitions& definitions) : store_(store), definitions_(definitions) {}
  /// Fails with `not_found`, code "no_such_saga", and as SagaStore does.
  pkg::errors::Result<SagaView> operator()(pkg::uow::UnitOfWork& unit, std::string_view id) const;

 private:
  pkg::saga::SagaStore& store_;
  const pkg::saga::Definitions& definitions_;
};

}  // namespace cosec::app
