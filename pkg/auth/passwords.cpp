#include "pkg/auth/passwords.hpp"

#include <array>

#include "pkg/auth/password_hash.hpp"
#include "pkg/auth/secrets.hpp"

namespace pkg::auth {
namespace {

constexpr std::size_t salt_size = 16;
constexpr std::size_t hash_size = 32;

std::string_view as_text(const std::vector<std::uint8_t>& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

errors::Result<> check_length(std::string_view password) {
  if (!password.empty() && password.size() <= longest_password) return {};
  return errors::fail(errors::ErrorKind::malformed, "password_length", "a password has 1 to 1024 bytes", "password");
}

std::unexpected<errors::Error> no_memory() {
  return errors::fail(errors::ErrorKind::unavailable, "password_not_hashed", "there is no memory for hashing passwords now");
}

}  // namespace

/// A ticket: the n-th caller may compute when all but at_once of the callers before it have finished.
class PasswordHasher::Turn {
 public:
  explicit Turn(PasswordHasher& hasher) : hasher_(hasher) {
    std::unique_lock lock(hasher_.mutex_);
    is_mine_ = hasher_.next_ticket_ - hasher_.finished_ < hasher_.limits_.at_once + hasher_.limits_.waiting;
    if (!is_mine_) return;
    const auto ticket = hasher_.next_ticket_++;
    hasher_.finished_one_.wait(lock, [&] { return ticket < hasher_.finished_ + hasher_.limits_.at_once; });
  }
  ~Turn() {
    if (!is_mine_) return;
    {
      const std::scoped_lock lock(hasher_.mutex_);
      ++hasher_.finished_;
    }
    hasher_.finished_one_.notify_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  errors::Result<> check() const {
    if (is_mine_) return {};
    return errors::fail(errors::ErrorKind::too_many, "too_many_sign_ins", "too many people are signing in: try again in a moment");
  }

 private:
  PasswordHasher& hasher_;
  bool is_mine_ = false;
};

PasswordHasher::PasswordHasher(PasswordLimits limits, PasswordCost cost) : limits_(limits), cost_(cost) {
  limits_.at_once = std::max<std::size_t>(limits_.at_once, 1);
}

errors::Result<std::string> PasswordHasher::hash(std::string_view password) {
  if (const auto checked = check_length(password); !checked) return errors::pass_on(checked);
  const Turn turn(*this);
  if (const auto checked = turn.check(); !checked) return errors::pass_on(checked);
  PhcHash made{.cost = cost_, .salt = std::vector<std::uint8_t>(salt_size), .hash = {}};
  fill_random(made.salt);
  auto hash = argon2id(password, made.salt, cost_, hash_size);
  if (!hash) return no_memory();
  made.hash = std::move(*hash);
  return to_phc(made);
}

errors::Result<bool> PasswordHasher::verify(std::string_view password, std::string_view phc) {
  if (const auto checked = check_length(password); !checked) return errors::pass_on(checked);
  const auto stored = parse_phc(phc);
  if (!stored) return errors::fail(errors::ErrorKind::internal, "password_hash_malformed", "the stored password hash cannot be read");
  const Turn turn(*this);
  if (const auto checked = turn.check(); !checked) return errors::pass_on(checked);
  const auto hash = argon2id(password, stored->salt, stored->cost, stored->hash.size());
  if (!hash) return no_memory();
  return equal_in_constant_time(as_text(*hash), as_text(stored->hash));
}

errors::Result<> PasswordHasher::verify_nothing(std::string_view password) {
  if (const auto checked = check_length(password); !checked) return checked;
  const Turn turn(*this);
  if (const auto checked = turn.check(); !checked) return checked;
  constexpr std::array<std::uint8_t, salt_size> salt{};
  if (!argon2id(password, salt, cost_, hash_size)) return no_memory();
  return {};
}

bool PasswordHasher::needs_rehash(std::string_view phc) const {
  const auto stored = parse_phc(phc);
  return !stored || stored->cost != cost_ || stored->hash.size() != hash_size;
}

}  // namespace pkg::auth
