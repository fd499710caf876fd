#pragma once

#include "notifications/internal/app/ports.hpp"
#include "pkg/postgres/recent_reads.hpp"
#include "pkg/postgres/recent_writes.hpp"

namespace notifications::adapters::pg {

class PgAcquaintances final : public app::Acquaintances {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::PersonFact& fact) override;
  void learn(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, const domain::OrderSummary& summary) override;
  pkg::errors::Result<domain::Context> find(pkg::uow::UnitOfWork& unit, const domain::UserId& user, const domain::OrderId& order) override;

 private:
  // Neither ever changes once it is known, so it is not asked for again.
  struct Learnt {
    domain::OrderSummary summary;
    std::uint64_t version = 1;
  };
  pkg::postgres::RecentWrites<domain::OrderId, Learnt> orders_{2000};
  pkg::postgres::RecentReads<domain::UserId, std::string> usernames_{10'000, std::chrono::hours{1}};
};

}  // namespace notifications::adapters::pg
