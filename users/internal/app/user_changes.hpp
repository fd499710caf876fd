#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "users/internal/app/ports.hpp"

namespace users::app {

/// An account after a command.
using Changed = pkg::errors::Result<FoundUser>;

/// What all commands share: load, decide, save at the version that was loaded, tell the others.
class UserChanges {
 public:
  /// All of them outlive this.
  UserChanges(UserStore& store, UserNews& news, const pkg::clock::Clock& clock) : store_(store), news_(news), clock_(clock) {}

  pkg::clock::TimePoint now() const { return clock_.now(); }

  /// `decide(const domain::User&) -> domain::Decision`. Gives the account after the change. Fails with the decision's rejection,
  /// `stale`, and as UserStore does.
  template <class Decide>
  Changed change(pkg::uow::UnitOfWork& unit, const domain::UserId& id, std::optional<pkg::es::Version> if_version, Decide&& decide) const {
    auto loaded = store_.load(unit, id);
    if (!loaded) return pkg::errors::pass_on(loaded);
    const domain::Decision decision = decide(std::as_const(loaded->state));
    if (!decision) return std::unexpected(domain::to_error(decision.error()));
    if (auto fresh = pkg::es::check_version(*loaded, if_version); !fresh) return pkg::errors::pass_on(fresh);
    if (auto recorded = record(unit, id, *loaded, *decision); !recorded) return pkg::errors::pass_on(recorded);
    return FoundUser{id, std::move(*loaded)};
  }

 private:
  pkg::errors::Result<> record(pkg::uow::UnitOfWork& unit, const domain::UserId& id, LoadedUser& user,
                               const std::vector<domain::UserEvent>& events) const;

  UserStore& store_;
  UserNews& news_;
  const pkg::clock::Clock& clock_;
};

}  // namespace users::app
