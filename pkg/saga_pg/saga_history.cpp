#include "pkg/saga_pg/saga_history.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace pkg::saga_pg {
namespace {

constexpr std::uint64_t last_version_in_row = 16;
constexpr std::size_t longest_in_row = 250;

void add(std::string& to, std::string_view text, char end) {
  for (const char c : text) {
    switch (c) {
      case '\t': to += "\\t"; break;
      case '\n': to += "\\n"; break;
      case '\\': to += "\\\\"; break;
      default: to += c;
    }
  }
  to += end;
}

std::string plain(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
      continue;
    }
    const char c = text[++i];
    plain += c == 't' ? '\t' : c == 'n' ? '\n' : c;
  }
  return plain;
}

/// What stands before the first `end`, and takes both away.
std::optional<std::string_view> take(std::string_view& text, char end) {
  const auto at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const auto taken = text.substr(0, at);
  text.remove_prefix(at + 1);
  return taken;
}

/// Leaves the number as it is where there is none.
void read_number(std::string_view text, std::int64_t& number) { std::from_chars(text.data(), text.data() + text.size(), number); }

}  // namespace

bool fits_in_row(std::uint64_t version, std::string_view text) { return version <= last_version_in_row && text.size() <= longest_in_row; }

std::string history_text(std::uint64_t version, std::span<const saga::HistoryEntry> lines) {
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = lines[i];
    const bool same_time = i > 0 && line.time == lines[i - 1].time;
    add(text, i > 0 ? "" : std::to_string(version), '\t');
    add(text, same_time ? "" : std::to_string(clock::unix_us(line.time)), '\t');
    for (const std::string_view field : {line.step, line.direction, line.what}) add(text, field, '\t');
    add(text, line.detail, '\n');
  }
  return text;
}

void read_history_text(std::string_view text, std::vector<Told>& told) {
  std::int64_t version = 0, time = 0;
  while (auto line = take(text, '\n')) {
    std::array<std::string_view, 5> fields;
    bool whole = true;
    for (auto& field : fields) {
      const auto found = take(*line, '\t');
      whole = whole && found;
      field = found.value_or("");
    }
    if (!whole) continue;
    read_number(fields[0], version);
    read_number(fields[1], time);
    told.push_back({version, {clock::from_unix_us(time), plain(fields[2]), plain(fields[3]), plain(fields[4]), plain(*line)}});
  }
}

std::string further_lines(std::span<const saga::HistoryEntry> lines) {
  std::string array = "{";
  const auto add_text = [&](std::string_view text) {
    array += array.size() == 1 ? "\"" : ",\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  };
  for (const auto& line : lines) {
    add_text(std::to_string(clock::unix_us(line.time)));
    for (const std::string_view text : {line.step, line.direction, line.what, line.detail}) add_text(text);
  }
  return array += '}';
}

void read_further_lines(std::int64_t version, std::span<const std::string> texts, std::vector<Told>& told) {
  for (; texts.size() >= 5; texts = texts.subspan(5)) {
    std::int64_t time = 0;
    read_number(texts[0], time);
    told.push_back({version, {clock::from_unix_us(time), texts[1], texts[2], texts[3], texts[4]}});
  }
}

}  // namespace pkg::saga_pg
