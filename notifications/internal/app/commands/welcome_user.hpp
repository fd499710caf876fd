#pragma once

#include "notifications/internal/app/announcer.hpp"

namespace notifications::app {

struct WelcomeUser {
  domain::UserId user;
  std::string username;
  std::string email;
  std::uint64_t version = 0;  ///< of the user, after registration
};

class WelcomeUserHandler {
 public:
  WelcomeUserHandler(const Announcer& announcer, Acquaintances& acquaintances, MailQueue& queue, const pkg::clock::Clock& clock)
      : announcer_(announcer), acquaintances_(acquaintances), queue_(queue), clock_(clock) {}
  /// Messages that waited for the address are due now.
  void operator()(pkg::uow::UnitOfWork& unit, const WelcomeUser& command) const;

 private:
  const Announcer& announcer_;
  Acquaintances& acquaintances_;
  MailQueue& queue_;
  const pkg::clock::Clock& clock_;
};

}  // namespace notifications::app
