#pragma once

#include "pkg/messaging/consumer/parking_lot.hpp"
#include "pkg/postgres/pool.hpp"

namespace pkg::messaging_pg {

/// The table parked_messages, in the units of a PgTransactor. The pool outlives it. Safe to use from any thread.
class PgParkingLot final : public messaging::ParkingLot {
 public:
  explicit PgParkingLot(postgres::Pool& pool) : pool_(pool) {}

  void park(uow::UnitOfWork& unit, const messaging::ParkedMessage& parked) override;
  void remove(uow::UnitOfWork& unit, std::int64_t position) override;
  errors::Result<std::vector<messaging::ParkedMessage>> heads(std::size_t limit) override;
  errors::Result<std::optional<messaging::ParkedMessage>> next_of(const messaging::ParkedMessage& parked) override;
  errors::Result<> keep(const messaging::ParkedMessage& parked) override;

  errors::Result<std::vector<messaging::ParkedMessage>> list(const messaging::ParkedQuery& query) override;
  errors::Result<messaging::ParkedCounts> count() override;
  errors::Result<> replay(std::int64_t position, clock::TimePoint now) override;
  errors::Result<> discard(std::int64_t position) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace pkg::messaging_pg
