#pragma once
// What operators can ask of cosec. What it does by itself is the saga (create_order_saga.hpp), run by the toolkit's coordinator.

#include <optional>
#include <string>
#include <string_view>

#include "cosec/internal/app/queries/get_saga.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace cosec::app {

class Application {
 public:
  /// All of them outlive this.
  Application(pkg::uow::Transactor& transactor, pkg::saga::SagaStore& store, const pkg::saga::Definitions& definitions)
      : transactor_(transactor), store_(store), definitions_(definitions), get_saga_(store, definitions) {}

  pkg::errors::Result<SagaView> get_saga(const pkg::uow::Cause& cause, std::string_view id) const;
  /// Newest first. Fails with `malformed` for a page token that is not its own.
  pkg::errors::Result<pkg::saga::Page> list_sagas(const pkg::uow::Cause& cause, std::optional<pkg::saga::Status> status, int page_size,
                                                  std::string_view page_token) const;
  const pkg::saga::Definition* definition_of(const pkg::saga::State& state) const { return definitions_.find(state.definition_version); }

 private:
  pkg::uow::Transactor& transactor_;
  pkg::saga::SagaStore& store_;
  const pkg::saga::Definitions& definitions_;
  GetSagaHandler get_saga_;
};

}  // namespace cosec::app
