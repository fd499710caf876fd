#pragma once
// The ports of users in memory. MemoryUsers and MemorySessions pass the same contract suite as the PostgreSQL ones
// (port_contracts.hpp).

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "pkg/uow/memory_transactor.hpp"
#include "users/internal/app/ports.hpp"
#include "users/internal/domain/credentials.hpp"

namespace users::tests {

inline pkg::uow::MemoryUnitOfWork& memory(pkg::uow::UnitOfWork& unit) { return dynamic_cast<pkg::uow::MemoryUnitOfWork&>(unit); }

inline std::unexpected<pkg::errors::Error> contended() {
  return pkg::errors::fail(pkg::errors::ErrorKind::contended, "contended", "Somebody else was faster.");
}

class MemoryUsers final : public app::UserStore {
 public:
  pkg::errors::Result<app::LoadedUser> load(pkg::uow::UnitOfWork& unit, const domain::UserId& id) override {
    const auto& own = mine(unit);
    if (const auto saved = own.find(id); saved != own.end()) return saved->second;
    return memory(unit).read([&] {
      const auto found = users_.find(id);
      return found == users_.end() ? app::LoadedUser{} : found->second;
    });
  }
  pkg::errors::Result<std::optional<app::FoundUser>> find_by_username(pkg::uow::UnitOfWork& unit, std::string_view username) override {
    const auto look = [&](const Users& users) -> std::optional<app::FoundUser> {
      for (const auto& [id, user] : users) {
        if (user.state.username == username) return app::FoundUser{id, user};
      }
      return std::nullopt;
    };
    if (auto found = look(mine(unit))) return found;
    return memory(unit).read([&] { return look(users_); });
  }
  pkg::errors::Result<bool> others_operate(pkg::uow::UnitOfWork& unit, const domain::UserId& id) override {
    const auto answer = memory(unit).read([&] { return do_others_operate(id); });
    memory(unit).at_commit(
        [this, id, answer]() -> pkg::errors::Result<> {
          if (do_others_operate(id) != answer) return contended();
          return {};
        },
        [] {});
    return answer;
  }
  pkg::errors::Result<> save(pkg::uow::UnitOfWork& unit, const domain::UserId& id, app::LoadedUser& user,
                             const std::vector<domain::UserEvent>& events) override {
    if (events.empty()) return {};
    const bool again = mine(unit).contains(id);
    const auto before = user.version;
    for (const auto& event : events) user.advance(event);
    mine(unit)[id] = user;
    memory(unit).at_commit([this, id, before, again, after = user] { return check(id, before, again, after.state); },
                           [this, id, after = user] { users_[id] = after; });
    return {};
  }

  /// For MemorySessions, within a commit.
  bool is_at(const domain::UserId& id, pkg::es::Version version) const {
    const auto found = users_.find(id);
    return found != users_.end() && found->second.version == version;
  }

 private:
  using Users = std::map<domain::UserId, app::LoadedUser>;
  Users& mine(pkg::uow::UnitOfWork& unit) { return memory(unit).notes_of<Users>(this); }

  bool do_others_operate(const domain::UserId& id) const {
    return std::ranges::any_of(users_, [&](const auto& entry) { return entry.first != id && is_enabled_operator(entry.second.state); });
  }
  pkg::errors::Result<> check(const domain::UserId& id, pkg::es::Version before, bool again, const domain::User& user) const {
    const auto found = users_.find(id);
    const auto version = found == users_.end() ? 0 : found->second.version;
    if (!again && version != before) return contended();
    for (const auto& [other_id, other] : users_) {
      if (other_id == id) continue;
      if (other.state.username == user.username) return std::unexpected(to_error(domain::username_taken()));
      if (domain::fold(other.state.email) == domain::fold(user.email)) return std::unexpected(to_error(domain::email_taken()));
    }
    return {};
  }

  Users users_;
};

class MemorySessions final : public app::SessionStore {
 public:
  explicit MemorySessions(const MemoryUsers& users) : users_(users) {}

  void start(pkg::uow::UnitOfWork& unit, const domain::SessionId& session, const domain::UserId& user, pkg::es::Version user_version,
             const app::NewRefreshToken& token) override {
    memory(unit).at_commit(
        [this, user, user_version]() -> pkg::errors::Result<> {
          if (!users_.is_at(user, user_version)) return contended();
          return {};
        },
        [=, this] { tokens_[token.digest] = {token.digest, session, user, token.expires_at, false, false}; });
  }
  pkg::errors::Result<std::optional<domain::RefreshToken>> find(pkg::uow::UnitOfWork& unit, std::string_view digest) override {
    return memory(unit).read([&]() -> std::optional<domain::RefreshToken> {
      const auto found = tokens_.find(digest);
      if (found == tokens_.end()) return std::nullopt;
      auto token = found->second;
      token.revoked = revoked_.contains(token.session);
      return token;
    });
  }
  void rotate(pkg::uow::UnitOfWork& unit, const domain::RefreshToken& old, const app::NewRefreshToken& token) override {
    memory(unit).at_commit(
        [this, digest = old.digest]() -> pkg::errors::Result<> {
          const auto found = tokens_.find(digest);
          if (found == tokens_.end() || found->second.used || revoked_.contains(found->second.session)) return contended();
          return {};
        },
        [this, old, token] {
          tokens_[old.digest].used = true;
          tokens_[token.digest] = {token.digest, old.session, old.user, token.expires_at, false, false};
        });
  }
  void revoke(pkg::uow::UnitOfWork& unit, const domain::SessionId& session) override {
    memory(unit).at_commit({}, [this, session] { revoked_.insert(session); });
  }
  void revoke_all(pkg::uow::UnitOfWork& unit, const domain::UserId& user) override {
    memory(unit).at_commit({}, [this, user] {
      for (const auto& [digest, token] : tokens_) {
        if (token.user == user) revoked_.insert(token.session);
      }
    });
  }
  void forget_expired(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint time) override {
    memory(unit).at_commit({}, [this, time] { std::erase_if(tokens_, [&](const auto& entry) { return entry.second.expires_at < time; }); });
  }

 private:
  const MemoryUsers& users_;
  std::map<std::string, domain::RefreshToken, std::less<>> tokens_;
  std::set<domain::SessionId> revoked_;
};

/// Keeps what was told, in order, once it is committed.
class RecordedNews final : public app::UserNews {
 public:
  struct Item {
    domain::UserId user;
    pkg::es::Version version;
    domain::UserEvent event;
  };
  void tell(pkg::uow::UnitOfWork& unit, const domain::UserId& id, const app::LoadedUser& after,
            std::span<const domain::UserEvent> events) override {
    auto version = after.version - events.size();
    for (const auto& event : events) memory(unit).at_commit({}, [this, item = Item{id, ++version, event}] { told.push_back(item); });
  }
  std::vector<Item> told;
};

/// "hash of <password>", and how often it was asked.
class FakePasswords final : public app::PasswordHasher {
 public:
  pkg::errors::Result<> check_room() override {
    if (has_room) return {};
    return pkg::errors::fail(pkg::errors::ErrorKind::too_many, "too_many_sign_ins", "No room.");
  }
  pkg::errors::Result<std::string> hash(std::string_view password) override {
    ++hashed;
    return "hash of " + std::string(password);
  }
  pkg::errors::Result<bool> verify(std::string_view password, std::string_view hash) override {
    ++verified;
    return hash == "hash of " + std::string(password);
  }
  pkg::errors::Result<> verify_nothing(std::string_view) override {
    ++verified;
    return {};
  }
  bool has_room = true;
  std::atomic<int> hashed = 0;
  std::atomic<int> verified = 0;
};

/// Tokens that people can read: "access <user> <roles>", "refresh 1".
class FakeTokens final : public app::TokenIssuer {
 public:
  explicit FakeTokens(const pkg::clock::Clock& clock) : clock_(clock) {}

  pkg::errors::Result<AccessToken> user_token(const domain::UserId& user, const domain::Roles& roles, const domain::SessionId&) override {
    std::string text = "access " + user.to_string();
    for (const auto role : roles) text += " " + std::string(to_word(role));
    return AccessToken{text, clock_.now() + std::chrono::minutes{15}};
  }
  pkg::errors::Result<AccessToken> service_token(std::string_view service) override {
    return AccessToken{"service " + std::string(service), clock_.now() + std::chrono::minutes{15}};
  }
  RefreshToken refresh_token() override {
    const std::string text = "refresh " + std::to_string(++issued_);
    return {text, {digest(text), clock_.now(), clock_.now() + std::chrono::hours{24}}};
  }
  std::string digest(std::string_view token) const override { return "digest of " + std::string(token); }

 private:
  const pkg::clock::Clock& clock_;
  int issued_ = 0;
};

class FakeServiceSecret final : public app::ServiceSecret {
 public:
  bool is_configured() const override { return !secret.empty(); }
  bool matches(std::string_view given) const override { return given == secret; }
  std::string secret = "between services";
};

}  // namespace users::tests
