#include "pkg/config/env_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

namespace pkg::config {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_name(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::ranges::all_of(text, fits);
}

bool is_blank_or_comment(std::string_view rest) {
  const auto text = trimmed(rest);
  return text.empty() || text.starts_with('#');
}

/// The value that `text` (which starts with a quote) holds; nothing when the quote is not closed or something follows it.
std::optional<std::string> quoted(std::string_view text) {
  const char quote = text[0];
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) return is_blank_or_comment(text.substr(i + 1)) ? std::optional(value) : std::nullopt;
    if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) {
      const char next = text[++i];
      if (next == 'n') {
        value += '\n';
      } else if (next == 't') {
        value += '\t';
      } else {
        if (next != '"' && next != '\\') value += '\\';
        value += next;
      }
    } else {
      value += text[i];
    }
  }
  return std::nullopt;
}

std::string unquoted(std::string_view text) {
  if (text.starts_with('#')) return {};
  const auto comment = std::min(text.find(" #"), text.find("\t#"));
  return std::string(trimmed(text.substr(0, comment)));
}

}  // namespace

EnvFile parse_env_file(std::string_view text) {
  EnvFile file;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (is_blank_or_comment(line)) continue;
    if (line.starts_with("export ")) line = trimmed(line.substr(7));

    const auto equals = line.find('=');
    const auto name = trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(name)) {
      file.faults.push_back(fmt::format("line {}: expected NAME=value", number));
      continue;
    }
    const auto earlier = std::ranges::find(file.entries, name, &EnvEntry::name);
    if (earlier != file.entries.end()) {
      file.faults.push_back(fmt::format("line {}: {} is given twice, first in line {}", number, name, earlier->line));
      continue;
    }
    const auto rest = trimmed(line.substr(equals + 1));
    const bool is_quoted = rest.starts_with('"') || rest.starts_with('\'');
    auto value = is_quoted ? quoted(rest) : std::optional(unquoted(rest));
    if (!value) {
      file.faults.push_back(fmt::format("line {}: the quoted value of {} does not end where the line ends", number, name));
      continue;
    }
    file.entries.push_back({std::string(name), std::move(*value), number});
  }
  return file;
}

}  // namespace pkg::config
