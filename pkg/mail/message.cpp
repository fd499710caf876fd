#include "pkg/mail/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pkg::mail {
namespace {

constexpr std::size_t longest_address = 254;  // RFC 5321, section 4.5.3.1.3, without the angle brackets
constexpr std::size_t longest_subject = 900;
constexpr std::size_t longest_line = 76;  // RFC 2045, section 6.7

bool is_printable_ascii(char c) { return c >= 0x20 && c < 0x7F; }

bool is_address(std::string_view text) {
  constexpr std::string_view never = " <>()[],;:\\\"";
  const auto fits = [&](char c) { return is_printable_ascii(c) && never.find(c) == std::string_view::npos; };
  const auto at = text.find('@');
  return text.size() <= longest_address && at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string_view::npos && std::ranges::all_of(text, fits);
}

bool is_id(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return text.size() <= 128 && std::ranges::all_of(text, fits) && !text.starts_with('.') && !text.ends_with('.');
}

bool is_subject(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  return text.size() <= longest_subject && std::ranges::none_of(text, is_control);
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    const auto count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) bits = (bits << 8) | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? letters[(bits >> (18 - 6 * k)) & 63] : '=';
  }
  return text;
}

bool continues_a_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

errors::Result<> check(const Mail& mail) {
  using errors::ErrorKind;
  if (!is_address(mail.from))
    return errors::fail(ErrorKind::malformed, "mail_address_malformed", "the sender's address cannot be used", "from");
  if (!is_address(mail.to))
    return errors::fail(ErrorKind::malformed, "mail_address_malformed", "the recipient's address cannot be used", "to");
  if (!is_subject(mail.subject))
    return errors::fail(ErrorKind::malformed, "mail_subject_malformed", "a subject is one line of text", "subject");
  if (!is_id(mail.id))
    return errors::fail(ErrorKind::malformed, "mail_id_malformed", "a mail's id has letters, digits, - and . only", "id");
  return {};
}

std::string encode_header(std::string_view text) {
  // "=?" in plain text would be taken for an encoded word.
  if (std::ranges::all_of(text, is_printable_ascii) && text.find("=?") == std::string_view::npos && text.size() <= 60)
    return std::string(text);
  constexpr std::size_t longest_chunk = 36;  // 48 letters of base64, 12 around them, and the header's name: within the 76 of a line
  std::string out;
  while (!text.empty()) {
    auto size = std::min(longest_chunk, text.size());
    // An encoded word holds whole characters; a run of stray bytes is cut anywhere.
    while (size < text.size() && size > longest_chunk - 4 && continues_a_character(text[size])) --size;
    out += fmt::format("{}=?utf-8?B?{}?=", out.empty() ? "" : "\r\n ", base64(text.substr(0, size)));
    text.remove_prefix(size);
  }
  return out;
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool ends_line = c == '\n' || (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n');
    if (ends_line) {
      if (c == '\r') ++i;
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool before_line_end = i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
    const bool is_literal = (is_printable_ascii(c) && c != '=' && !(c == ' ' && before_line_end)) || (c == '\t' && !before_line_end);
    const auto piece = is_literal ? std::string(1, c) : fmt::format("={:02X}", static_cast<unsigned char>(c));
    if (column + piece.size() > longest_line - 1) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  }
  if (!out.ends_with("\r\n")) out += "\r\n";
  return out;
}

std::string rfc5322_date(clock::TimePoint time) {
  constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string render(const Mail& mail, clock::TimePoint now) {
  return fmt::format(
      "Date: {}\r\nFrom: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}@{}>\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\nAuto-Submitted: auto-generated\r\n\r\n{}",
      rfc5322_date(now), mail.from, mail.to, encode_header(mail.subject), mail.id, mail.from.substr(mail.from.find('@') + 1),
      quoted_printable(mail.text));
}

}  // namespace pkg::mail
