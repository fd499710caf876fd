#pragma once

#include "notifications/internal/app/ports.hpp"

namespace notifications::app {

/// A new order: nobody is told, but later messages say what was ordered.
struct RememberOrder {
  domain::OrderId order;
  std::vector<domain::OrderLine> lines;
  pkg::money::Money total;
};

class RememberOrderHandler {
 public:
  explicit RememberOrderHandler(Acquaintances& acquaintances) : acquaintances_(acquaintances) {}
  void operator()(pkg::uow::UnitOfWork& unit, const RememberOrder& command) const;

 private:
  Acquaintances& acquaintances_;
};

}  // namespace notifications::app
