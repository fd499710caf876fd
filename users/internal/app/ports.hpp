#pragma once
// What the use cases of users need from outside. Adapters: adapters/pg, adapters/auth, ports/handlers; fakes: tests/fakes.hpp.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/es/event_store.hpp"
#include "pkg/uow/unit_of_work.hpp"
#include "users/internal/domain/session.hpp"
#include "users/internal/domain/user.hpp"

namespace users::app {

using LoadedUser = pkg::es::Loaded<domain::User>;

struct FoundUser {
  domain::UserId id;
  LoadedUser user;
};

/// The accounts. What a unit of work has saved, its own reads see.
class UserStore {
 public:
  virtual ~UserStore() = default;
  /// Version 0 where there is none. Fails with `unavailable`.
  virtual pkg::errors::Result<LoadedUser> load(pkg::uow::UnitOfWork& unit, const domain::UserId& id) = 0;
  /// By the folded name. Fails with `unavailable`.
  virtual pkg::errors::Result<std::optional<FoundUser>> find_by_username(pkg::uow::UnitOfWork& unit, std::string_view username) = 0;
  /// Whether anybody but `id` is an enabled operator. Until the unit ends no other unit changes that answer unnoticed: of two operators
  /// who disable each other at the same moment, one is refused. Fails with `unavailable`.
  virtual pkg::errors::Result<bool> others_operate(pkg::uow::UnitOfWork& unit, const domain::UserId& id) = 0;
  /// Moves `user` on by the events and keeps the result; no events do nothing. Fails, here or at the commit, with `contended` where
  /// another unit was faster, and with username_taken or email_taken.
  virtual pkg::errors::Result<> save(pkg::uow::UnitOfWork& unit, const domain::UserId& id, LoadedUser& user,
                                     const std::vector<domain::UserEvent>& events) = 0;
};

/// A refresh token to be kept: not the token but its digest.
struct NewRefreshToken {
  std::string digest;
  pkg::clock::TimePoint issued_at;
  pkg::clock::TimePoint expires_at;
};

class SessionStore {
 public:
  virtual ~SessionStore() = default;
  /// A session with its first token. Fails at the commit with `contended` where the user is not at `user_version` any more, so that
  /// disabling and a new password end every session that began before them.
  virtual void start(pkg::uow::UnitOfWork& unit, const domain::SessionId& session, const domain::UserId& user,
                     pkg::es::Version user_version, const NewRefreshToken& token) = 0;
  /// Fails with `unavailable`.
  virtual pkg::errors::Result<std::optional<domain::RefreshToken>> find(pkg::uow::UnitOfWork& unit, std::string_view digest) = 0;
  /// The old token counts as used, the new one takes its place. Fails at the commit with `contended` where the old one was used,
  /// or its session revoked, meanwhile.
  virtual void rotate(pkg::uow::UnitOfWork& unit, const domain::RefreshToken& old, const NewRefreshToken& token) = 0;
  /// Ends a session; an ended one stays so.
  virtual void revoke(pkg::uow::UnitOfWork& unit, const domain::SessionId& session) = 0;
  /// Ends all sessions of a user. To be called after UserStore::save in the same unit.
  virtual void revoke_all(pkg::uow::UnitOfWork& unit, const domain::UserId& user) = 0;
  /// Removes tokens that expired before `time`, and sessions that have none left.
  virtual void forget_expired(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint time) = 0;
};

/// Tells the other services what happened; leaves with the commit of the unit of work.
class UserNews {
 public:
  virtual ~UserNews() = default;
  /// `after` is the account after all the events; its version is that of the last of them.
  virtual void tell(pkg::uow::UnitOfWork& unit, const domain::UserId& id, const LoadedUser& after,
                    std::span<const domain::UserEvent> events) = 0;
};

/// Hashes passwords: tens of milliseconds of a core. Never called inside a unit of work. All fail with `too_many` where too many wait for
/// a hash already.
class PasswordHasher {
 public:
  virtual ~PasswordHasher() = default;
  /// Whether a hash would find room now: asked first, so that whoever finds none costs nothing else either.
  virtual pkg::errors::Result<> check_room() = 0;
  virtual pkg::errors::Result<std::string> hash(std::string_view password) = 0;
  virtual pkg::errors::Result<bool> verify(std::string_view password, std::string_view hash) = 0;
  /// Takes as long as verify() and finds nothing, so that the time does not tell who has an account.
  virtual pkg::errors::Result<> verify_nothing(std::string_view password) = 0;
};

/// Makes the tokens that people and machines carry. Never called inside a unit of work.
class TokenIssuer {
 public:
  struct AccessToken {
    std::string text;
    pkg::clock::TimePoint expires_at;
  };
  struct RefreshToken {
    std::string text;
    NewRefreshToken kept;
  };

  virtual ~TokenIssuer() = default;
  /// Fails with `internal`.
  virtual pkg::errors::Result<AccessToken> user_token(const domain::UserId& user, const domain::Roles& roles,
                                                      const domain::SessionId& session) = 0;
  /// Fails with `internal`.
  virtual pkg::errors::Result<AccessToken> service_token(std::string_view service) = 0;
  virtual RefreshToken refresh_token() = 0;
  virtual std::string digest(std::string_view refresh_token) const = 0;
};

/// Knows the secret that all services of an installation share.
class ServiceSecret {
 public:
  virtual ~ServiceSecret() = default;
  /// False where none is configured: services cannot sign in then.
  virtual bool is_configured() const = 0;
  /// In constant time.
  virtual bool matches(std::string_view secret) const = 0;
};

}  // namespace users::app
