#pragma once

#include "payments/internal/app/ports.hpp"
#include "pkg/postgres/recent_writes.hpp"

namespace payments::adapters::pg {

class PgPaymentStore final : public app::PaymentStore {
 public:
  pkg::errors::Result<domain::Payment> load(pkg::uow::UnitOfWork& unit, const domain::PaymentId& id) override;
  std::optional<domain::Payment> remembered(pkg::uow::UnitOfWork& unit, const domain::PaymentId& id) override;
  void save(pkg::uow::UnitOfWork& unit, const domain::Payment& payment) override;
  pkg::errors::Result<std::vector<domain::PaymentId>> expired(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint now, int limit) override;

 private:
  pkg::postgres::RecentWrites<domain::PaymentId, domain::Payment> recent_{1000};
};

}  // namespace payments::adapters::pg
