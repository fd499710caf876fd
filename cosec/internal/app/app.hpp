#pragma once
// What operators can ask of cosec. What it does by itself is the saga (create_order_saga.hpp), run by the toolkit's coordinator.

#include <optional>
#include <string>
#include <string_view>

#include "cosec/internal/app/queries/get_saga.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace cosec::app {

class Application {
 public:
  /// All of them outlive this.
  Application(pkg::uow::Transactor& transactor, pkg::saga::SagaStore& store, const pkg::saga::Definitions& definitions,
              const pkg::clock::Clock& clock)
      : transactor_(transactor), store_(store), definitions_(definitions), clock_(clock), get_saga_(store, definitions) {}
  Application(const Application&) = delete;  // the ports refer to it
  Application& operator=(const Application&) = delete;

  pkg::errors::Result<SagaView> get_saga(const pkg::uow::Cause& cause, std::string_view id) const;
  /// Newest first; `after` is the page's token from before, empty for the first page.
  pkg::errors::Result<pkg::saga::Page> list_sagas(const pkg::uow::Cause& cause, std::optional<pkg::saga::Status> status, int page_size,
                                                  std::string_view after) const;
  /// How many sagas have their alert raised; counted up to a thousand.
  pkg::errors::Result<std::size_t> count_alerts(const pkg::uow::Cause& cause) const;
  /// Removes at most `limit` sagas, with their histories, that ended longer than `kept` ago; gives how many.
  pkg::errors::Result<std::size_t> remove_old_sagas(const pkg::uow::Cause& cause, pkg::clock::Duration kept, std::size_t limit) const;
  const pkg::saga::Definition* definition_of(const pkg::saga::State& state) const { return definitions_.find(state.definition_version); }

 private:
  pkg::uow::Transactor& transactor_;
  pkg::saga::SagaStore& store_;
  const pkg::saga::Definitions& definitions_;
  const pkg::clock::Clock& clock_;
  GetSagaHandler get_saga_;
};

}  // namespace cosec::app
