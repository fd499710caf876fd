#include "users/internal/domain/credentials.hpp"

#include <algorithm>

namespace users::domain {
namespace {

std::unexpected<UserRejected> reject(UserRejection reason, std::string detail) {
  return std::unexpected(UserRejected{reason, std::move(detail)});
}

constexpr bool is_username_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-'; }

/// Letters beyond ASCII may stand in addresses (RFC 6531); UTF-8 itself is checked where the request is read.
bool is_email_letter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte != 0x7f && !std::string_view("<>()[]\\,;:\"@").contains(c);
}

/// U+0080 to U+009F, in UTF-8.
bool has_late_control(std::string_view text) {
  const auto is_pair = [](char a, char b) {
    const auto second = static_cast<unsigned char>(b);
    return static_cast<unsigned char>(a) == 0xc2 && second >= 0x80 && second <= 0x9f;
  };
  return std::ranges::adjacent_find(text, is_pair) != text.end();
}

bool is_dotted(std::string_view domain) {
  return domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.') && !domain.contains("..");
}

bool could_be_email(std::string_view text) {
  if (text.size() > max_email_bytes || has_late_control(text)) return false;
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0) return false;
  const auto domain = text.substr(at + 1);
  return is_dotted(domain) && std::ranges::all_of(text.substr(0, at), is_email_letter) && std::ranges::all_of(domain, is_email_letter);
}

/// Every byte of UTF-8 but the continuations begins a character.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::string fold(std::string_view text) {
  std::string folded(text);
  std::ranges::transform(folded, folded.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return folded;
}

std::expected<std::string, UserRejected> read_username(std::string_view text) {
  auto folded = text.size() > max_username ? std::string() : fold(text);
  if (folded.size() < min_username || !std::ranges::all_of(folded, is_username_letter)) {
    return reject(UserRejection::username_not_allowed, "A username has 3 to 30 letters a to z, digits, '_', '.' or '-'.");
  }
  return folded;
}

std::expected<void, UserRejected> check_email(std::string_view text) {
  if (!could_be_email(text)) return reject(UserRejection::email_not_allowed, "This cannot be an e-mail address.");
  return {};
}

std::expected<void, UserRejected> check_password(std::string_view text) {
  if (text.size() > max_password_bytes) return reject(UserRejection::password_too_long, "A password has at most 1024 bytes.");
  if (characters(text) < min_password_characters)
    return reject(UserRejection::password_too_short, "A password has at least 10 characters.");
  return {};
}

}  // namespace users::domain
