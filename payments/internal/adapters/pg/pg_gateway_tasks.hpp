#pragma once

#include <functional>

#include "payments/internal/app/ports.hpp"
#include "pkg/clock/clock.hpp"

namespace payments::adapters::pg {

class PgGatewayTasks final : public app::GatewayTasks {
 public:
  /// Called with when a task is due, after the commit that added or moved it, on the thread that committed; it must not block.
  using LookAgain = std::function<void(pkg::clock::TimePoint due)>;

  explicit PgGatewayTasks(LookAgain look_again) : look_again_(std::move(look_again)) {}

  void add(pkg::uow::UnitOfWork& unit, const app::GatewayTask& task) override;
  void remove(pkg::uow::UnitOfWork& unit, const std::string& key) override;
  void finish(pkg::uow::UnitOfWork& unit, const std::string& key) override;
  void take_back(pkg::uow::UnitOfWork& unit, const std::string& key) override;
  void postpone(pkg::uow::UnitOfWork& unit, const std::string& key, pkg::clock::TimePoint due_at) override;
  pkg::errors::Result<std::optional<app::GatewayTask>> capture_of(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& invoice) override;
  pkg::errors::Result<std::vector<app::GatewayTask>> claim(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint now,
                                                           pkg::clock::TimePoint until, int limit) override;
  pkg::errors::Result<std::optional<pkg::clock::TimePoint>> next_due(pkg::uow::UnitOfWork& unit) override;

 private:
  void look_again_after(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint due) const;

  const LookAgain look_again_;
};

}  // namespace payments::adapters::pg
