#include "pkg/auth/passwords.hpp"

#include <array>
#include <optional>

#include "pkg/auth/hashing_threads.hpp"
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

std::unexpected<errors::Error> too_many() {
  return errors::fail(errors::ErrorKind::too_many, "too_many_sign_ins", "too many people are signing in: try again in a moment");
}

}  // namespace

PasswordHasher::PasswordHasher(PasswordLimits limits, PasswordCost cost)
    : cost_(cost), threads_(std::make_unique<HashingThreads>(limits.at_once, limits.waiting)) {}

PasswordHasher::~PasswordHasher() = default;

errors::Result<std::vector<std::uint8_t>> PasswordHasher::compute(std::string_view password, std::span<const std::uint8_t> salt,
                                                                  const PasswordCost& cost, std::size_t size) {
  auto hash = threads_->run({std::string(password), {salt.begin(), salt.end()}, cost, size});
  if (!hash) return too_many();
  if (!*hash) return no_memory();
  return std::move(**hash);
}

errors::Result<> PasswordHasher::check_room() const {
  if (!threads_->has_room()) return too_many();
  return {};
}

errors::Result<std::string> PasswordHasher::hash(std::string_view password) {
  if (const auto checked = check_length(password); !checked) return errors::pass_on(checked);
  PhcHash made{.cost = cost_, .salt = std::vector<std::uint8_t>(salt_size), .hash = {}};
  fill_random(made.salt);
  auto hash = compute(password, made.salt, cost_, hash_size);
  if (!hash) return errors::pass_on(hash);
  made.hash = std::move(*hash);
  return to_phc(made);
}

errors::Result<bool> PasswordHasher::verify(std::string_view password, std::string_view phc) {
  if (const auto checked = check_length(password); !checked) return errors::pass_on(checked);
  const auto stored = parse_phc(phc);
  if (!stored) return errors::fail(errors::ErrorKind::internal, "password_hash_malformed", "the stored password hash cannot be read");
  const auto hash = compute(password, stored->salt, stored->cost, stored->hash.size());
  if (!hash) return errors::pass_on(hash);
  return equal_in_constant_time(as_text(*hash), as_text(stored->hash));
}

errors::Result<> PasswordHasher::verify_nothing(std::string_view password) {
  if (const auto checked = check_length(password); !checked) return checked;
  constexpr std::array<std::uint8_t, salt_size> salt{};
  if (const auto hash = compute(password, salt, cost_, hash_size); !hash) return errors::pass_on(hash);
  return {};
}

bool PasswordHasher::needs_rehash(std::string_view phc) const {
  const auto stored = parse_phc(phc);
  return !stored || stored->cost != cost_ || stored->hash.size() != hash_size;
}

}  // namespace pkg::auth
