#pragma once

#include "notifications/internal/app/ports.hpp"
#include "pkg/clock/clock.hpp"

namespace notifications::app {

struct ChangeAddress {
  domain::UserId user;
  std::string email;
  std::uint64_t version = 0;  ///< of the user, after the change
};

class ChangeAddressHandler {
 public:
  ChangeAddressHandler(Acquaintances& acquaintances, MailQueue& queue, const pkg::clock::Clock& clock)
      : acquaintances_(acquaintances), queue_(queue), clock_(clock) {}
  /// What is still queued goes to the new address, and now.
  void operator()(pkg::uow::UnitOfWork& unit, const ChangeAddress& command) const;

 private:
  Acquaintances& acquaintances_;
  MailQueue& queue_;
  const pkg::clock::Clock& clock_;
};

}  // namespace notifications::app
