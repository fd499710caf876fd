#include "pkg/auth/password_hash.hpp"

#include <argon2.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include <charconv>

#include "pkg/auth/base64.hpp"

namespace pkg::auth {
namespace {

// What a stored hash may ask of us.
constexpr PasswordCost highest{.memory_kib = 256 * 1024, .passes = 16, .lanes = 8};

int map_memory(std::uint8_t** memory, std::size_t size) {
  void* const mapped = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return ARGON2_MEMORY_ALLOCATION_ERROR;
  madvise(mapped, size, MADV_HUGEPAGE);  // a wish: without it 4864 page faults are a fifth of a hash
  *memory = static_cast<std::uint8_t*>(mapped);
  return ARGON2_OK;
}

void unmap_memory(std::uint8_t* memory, std::size_t size) { munmap(memory, size); }

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

bool take_number(std::string_view& text, std::uint32_t least, std::uint32_t most, std::uint32_t& value) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.starts_with('0')) return false;  // none of these is zero, and a number has one spelling
  if (fault != std::errc{} || value < least || value > most) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

std::string to_phc(const PhcHash& hash) {
  return fmt::format("$argon2id$v=19$m={},t={},p={}${}${}", hash.cost.memory_kib, hash.cost.passes, hash.cost.lanes,
                     base64_encode(hash.salt, Base64::classic), base64_encode(hash.hash, Base64::classic));
}

std::optional<PhcHash> parse_phc(std::string_view text) {
  PhcHash parsed;
  auto& cost = parsed.cost;
  const bool has_cost = take(text, "$argon2id$v=19$m=") && take_number(text, 8, highest.memory_kib, cost.memory_kib) && take(text, ",t=") &&
                        take_number(text, 1, highest.passes, cost.passes) && take(text, ",p=") &&
                        take_number(text, 1, highest.lanes, cost.lanes) && take(text, "$");
  const auto split = text.find('$');
  if (!has_cost || split == std::string_view::npos || cost.memory_kib < 8 * cost.lanes) return std::nullopt;
  auto salt = base64_decode(text.substr(0, split), Base64::classic);
  auto hash = base64_decode(text.substr(split + 1), Base64::classic);
  const auto fits = [](const auto& bytes, std::size_t least) { return bytes && bytes->size() >= least && bytes->size() <= 64; };
  if (!fits(salt, 8) || !fits(hash, 16)) return std::nullopt;
  parsed.salt = std::move(*salt);
  parsed.hash = std::move(*hash);
  return parsed;
}

std::optional<std::vector<std::uint8_t>> argon2id(std::string_view password, std::span<const std::uint8_t> salt, PasswordCost cost,
                                                  std::size_t size) {
  std::vector<std::uint8_t> out(size);
  // libargon2 takes non-const pointers but writes to neither unless told to clear them.
  argon2_context context{};
  context.out = out.data();
  context.outlen = static_cast<std::uint32_t>(out.size());
  context.pwd = reinterpret_cast<std::uint8_t*>(const_cast<char*>(password.data()));
  context.pwdlen = static_cast<std::uint32_t>(password.size());
  context.salt = const_cast<std::uint8_t*>(salt.data());
  context.saltlen = static_cast<std::uint32_t>(salt.size());
  context.t_cost = cost.passes;
  context.m_cost = cost.memory_kib;
  context.lanes = cost.lanes;
  context.threads = 1;  // how many run at once is PasswordHasher's to say
  context.version = ARGON2_VERSION_13;
  context.allocate_cbk = map_memory;
  context.free_cbk = unmap_memory;
  context.flags = ARGON2_DEFAULT_FLAGS;
  if (argon2id_ctx(&context) != ARGON2_OK) return std::nullopt;
  return out;
}

}  // namespace pkg::auth
