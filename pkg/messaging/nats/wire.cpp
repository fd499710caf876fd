#include "pkg/messaging/nats/wire.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cstring>
#include <utility>

#include "pkg/messaging/header_text.hpp"

namespace pkg::messaging::nats {
namespace {

namespace json = boost::json;

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view header_version = "NATS/1.0";
constexpr std::size_t usual_room = 32 * 1024;
constexpr std::size_t least_room = 4 * 1024;

constexpr std::size_t most_words = 6;

/// The words of a line, and how many there are; one more than fit where there are too many.
struct Words {
  std::array<std::string_view, most_words> each;
  std::size_t count = 0;
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

Words words_of(std::string_view line) {
  Words words;
  while (true) {
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    if (line.empty()) return words;
    const auto* end = std::ranges::find_if(line, is_blank);
    const auto size = static_cast<std::size_t>(end - line.begin());
    if (words.count == most_words) return ++words.count, words;
    words.each[words.count++] = line.substr(0, size);
    line.remove_prefix(size);
  }
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_verb(std::string_view word, std::string_view verb) { return std::ranges::equal(word, verb, {}, upper); }

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::unexpected<std::string> unreadable(std::string_view line) { return std::unexpected("the server says " + printable(line)); }

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

WireReader::WireReader() : buffer_(usual_room, '\0') {}

std::span<char> WireReader::room() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (buffer_.size() > longest_wire_line) {  // of a message as large as few are
      buffer_.resize(usual_room);
      buffer_.shrink_to_fit();
    }
  }
  if (buffer_.size() - end_ < least_room || buffer_.size() - begin_ < needed_) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
    const std::size_t wanted = std::max(needed_, end_ + least_room);
    if (buffer_.size() < wanted) buffer_.resize(std::max(wanted, std::min(2 * buffer_.size(), longest_wire_line)));
  }
  return std::span(buffer_).subspan(end_);
}

std::expected<std::optional<FromServer>, std::string> WireReader::next() {
  const std::string_view rest(buffer_.data() + begin_, end_ - begin_);
  const std::size_t size = rest.find(line_end, searched_);
  if (size == std::string_view::npos) {
    if (rest.size() > longest_wire_line) return std::unexpected("the server's line has no end");
    searched_ = rest.empty() ? 0 : rest.size() - 1;
    return std::nullopt;
  }
  searched_ = size;
  const std::string_view line = rest.substr(0, size);
  const Words words = words_of(line);
  if (words.count == 0) return unreadable(line);
  const std::string_view verb = words.each[0];
  if (is_verb(verb, "MSG") || is_verb(verb, "HMSG")) {
    if (words.count > most_words) return unreadable(line);
    return read_message(line, std::span(words.each).first(words.count));
  }
  begin_ += size + line_end.size();
  searched_ = 0;
  const std::string_view behind = trimmed(line.substr(static_cast<std::size_t>(verb.data() - line.data()) + verb.size()));
  if (is_verb(verb, "PING")) return FromServer(WirePing());
  if (is_verb(verb, "PONG")) return FromServer(WirePong());
  if (is_verb(verb, "+OK")) return FromServer(WireOk());
  if (is_verb(verb, "INFO")) return FromServer(WireInfo(behind));
  if (is_verb(verb, "-ERR")) return FromServer(WireError(behind));
  return unreadable(line);
}

// MSG <subject> <subscription> [reply] <size>, HMSG <subject> <subscription> [reply] <size of headers> <size of all>
std::expected<std::optional<FromServer>, std::string> WireReader::read_message(std::string_view line,
                                                                               std::span<const std::string_view> words) {
  const std::size_t sizes = is_verb(words[0], "HMSG") ? 2 : 1;
  const std::size_t least = 3 + sizes;
  if (words.size() != least && words.size() != least + 1) return unreadable(line);
  const auto subscription = number_of(words[2]);
  const auto total = number_of(words.back());
  const auto in_headers = sizes == 2 ? number_of(words[words.size() - 2]) : 0;
  if (!subscription || !total || !in_headers || *total > largest_wire_message || *in_headers > *total) return unreadable(line);
  const std::size_t start = line.size() + line_end.size();
  const std::size_t end = start + *total;
  needed_ = end + line_end.size();
  if (end_ - begin_ < needed_) return std::nullopt;
  const std::string_view body(buffer_.data() + begin_ + start, *total);
  const std::string_view behind(buffer_.data() + begin_ + end, line_end.size());
  if (behind != line_end) return std::unexpected("the server's message is longer than it says");
  begin_ += std::exchange(needed_, 0);
  searched_ = 0;
  return FromServer(WireMessage{.subject = words[1],
                                .subscription = *subscription,
                                .reply = words.size() > least ? words[3] : std::string_view(),
                                .headers = body.substr(0, *in_headers),
                                .payload = body.substr(*in_headers)});
}

bool read_header_block(std::string_view block, std::vector<HeaderView>& headers) {
  const auto take_line = [&]() -> std::optional<std::string_view> {
    const std::size_t size = block.find(line_end);
    if (size == std::string_view::npos) return std::nullopt;
    const std::string_view line = block.substr(0, size);
    block.remove_prefix(size + line_end.size());
    return line;
  };
  const auto first = take_line();
  if (!first || !first->starts_with(header_version)) return false;
  const std::string_view behind = first->substr(header_version.size());
  if (!behind.empty() && !is_blank(behind.front())) return false;
  const std::string_view status = trimmed(behind);
  if (!status.empty()) headers.emplace_back("Status", status.substr(0, status.find(' ')));
  while (true) {
    const auto line = take_line();
    if (!line) return false;
    if (line->empty()) return block.empty();
    const std::size_t colon = line->find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    headers.emplace_back(line->substr(0, colon), trimmed(line->substr(colon + 1)));
  }
}

std::string lines_of(std::span<const Header> headers) {
  std::string lines;
  for (const auto& [name, value] : headers) append_header_line(lines, name, value);
  return lines;
}

std::size_t header_block_size(std::string_view lines) {
  return lines.empty() ? 0 : header_version.size() + line_end.size() + lines.size() + line_end.size();
}

void append_header_block(std::string& out, std::string_view lines) {
  if (!lines.empty()) out.append(header_version).append(line_end).append(lines).append(line_end);
}

void append_publish(std::string& out, std::string_view subject, std::string_view reply, std::string_view header_lines,
                    std::string_view payload) {
  const std::size_t in_headers = header_block_size(header_lines);
  out.append(header_lines.empty() ? "PUB " : "HPUB ").append(subject).append(" ");
  if (!reply.empty()) out.append(reply).append(" ");
  if (!header_lines.empty()) {
    append_number(out, in_headers);
    out += ' ';
  }
  append_number(out, in_headers + payload.size());
  out += line_end;
  append_header_block(out, header_lines);
  out.append(payload).append(line_end);
}

void append_subscribe(std::string& out, std::string_view subject, std::uint64_t subscription) {
  out.append("SUB ").append(subject).append(" ");
  append_number(out, subscription);
  out += line_end;
}

void append_unsubscribe(std::string& out, std::uint64_t subscription) {
  out += "UNSUB ";
  append_number(out, subscription);
  out += line_end;
}

std::optional<ServerInfo> read_server_info(std::string_view text) {
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  const auto* object = failed ? nullptr : value.if_object();
  if (object == nullptr) return std::nullopt;
  const auto is_true = [&](std::string_view name) {
    const auto* found = object->if_contains(name);
    return found != nullptr && found->is_bool() && found->as_bool();
  };
  ServerInfo info;
  if (const auto* most = object->if_contains("max_payload")) {
    const auto number = most->to_number<std::size_t>(failed);
    if (!failed) info.max_payload = number;
  }
  info.takes_headers = is_true("headers");
  if (const auto* version = object->if_contains("version"); version != nullptr && version->is_string()) info.version = version->as_string();
  info.requires_tls = is_true("tls_required");
  return info;
}

bool ServerInfo::is_at_least(unsigned major, unsigned minor) const {
  const auto dot = version.find('.');
  if (dot == std::string::npos) return false;
  const std::string_view text = version;
  const auto first = parse_number(text.substr(0, dot));
  const auto second = parse_number(text.substr(dot + 1, text.find_first_not_of("0123456789", dot + 1) - dot - 1));
  return first && second && (*first > major || (*first == major && *second >= minor));
}

std::string connect_line(const SignIn& sign_in, std::string_view client_name, bool encrypted) {
  json::object with{
      {"verbose", false}, {"pedantic", false}, {"tls_required", encrypted}, {"lang", "C++"},        {"version", "1"}, {"name", client_name},
      {"protocol", 1},    {"echo", true},      {"headers", true},           {"no_responders", true}};
  if (!sign_in.user.empty()) {
    with["user"] = sign_in.user;
    with["pass"] = sign_in.password;
  }
  if (!sign_in.token.empty()) with["auth_token"] = sign_in.token;
  return "CONNECT " + json::serialize(with) + "\r\n";
}

}  // namespace pkg::messaging::nats
