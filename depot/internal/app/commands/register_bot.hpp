#pragma once

#include <string>

#include "depot/internal/app/ports.hpp"
#include "pkg/clock/clock.hpp"

namespace depot::app {

struct RegisterBot {
  domain::BotId id;
  std::string name;
};

class RegisterBotHandler {
 public:
  /// All of them outlive this.
  RegisterBotHandler(BotStore& bots, Floor& floor, const pkg::clock::Clock& clock) : bots_(bots), floor_(floor), clock_(clock) {}
  /// Fails with the rejections of domain::register_bot, and as BotStore does.
  pkg::errors::Result<> operator()(pkg::uow::UnitOfWork& unit, const RegisterBot& command) const;

 private:
  BotStore& bots_;
  Floor& floor_;
  const pkg::clock::Clock& clock_;
};

}  // namespace depot::app
