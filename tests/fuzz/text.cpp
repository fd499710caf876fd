// What people and other programs wrote, on its way into our logs and mails: it can fake neither a line of a log nor a header of a mail.
// Input: lines: a mail's sender, recipient, subject and id; then its text. The same is logged.

#include <boost/json/parse.hpp>

#include "pkg/log/render.hpp"
#include "pkg/mail/message.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace {

constexpr auto now = pkg::clock::TimePoint{std::chrono::seconds{1'700'000'000}};

void log_it(std::string_view key, std::string_view message, std::string_view value) {
  const pkg::log::Entry entry{
      .time = now, .level = pkg::log::Level::info, .service = "fuzz", .message = message, .fields = {{key, value}, {"n", -1}}};
  const auto json = pkg::log::render_json(entry);
  fuzz::promise(json.find('\n') == std::string::npos && fuzz::is_utf8(json), "an entry is one line of UTF-8");
  boost::system::error_code error;
  const auto read = boost::json::parse(json, error);
  fuzz::promise(!error && read.is_object(), "an entry is a JSON object");
  const auto& object = read.as_object();
  fuzz::promise(object.at("level") == "info" && object.at("service") == "fuzz", "nothing that is logged changes what we say ourselves");
  if (fuzz::is_utf8(message)) {
    const auto& logged = object.at("message").as_string();
    fuzz::promise_same({logged.data(), logged.size()}, message, "a message is logged as it is");
  }
  const auto line = pkg::log::render_text(entry);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    const bool is_c1_control = byte == 0xc2 && i + 1 < line.size() && static_cast<unsigned char>(line[i + 1]) < 0xa0;
    fuzz::promise(byte >= 0x20 && byte != 0x7f && !is_c1_control, "an entry is one line for people too, and moves no cursor");
  }
}

std::string read_quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out += text[i];
    } else if (text.substr(i, 3) == "=\r\n") {
      i += 2;
    } else {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    }
  }
  return out;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "\r\n") ++i;
    out += text[i] == '\n' ? std::string("\r\n") : std::string(1, text[i]);
  }
  return out.ends_with("\r\n") ? out : out + "\r\n";
}

void mail_it(const pkg::mail::Mail& mail) {
  if (const auto checked = pkg::mail::check(mail); !checked) {
    return fuzz::promise_error(checked.error(), {"mail_address_malformed", "mail_subject_malformed", "mail_id_malformed"});
  }
  const auto rendered = pkg::mail::render(mail, now);
  fuzz::Input input(rendered);
  const auto header = input.until("\r\n\r\n");
  std::size_t names = 0;
  for (const auto line : fuzz::split(header, "\r\n")) {
    fuzz::promise(line.size() <= 998 && line.find_first_of("\r\n") == std::string_view::npos,
                  "a mail's header has lines that all servers take");
    for (const char c : line) fuzz::promise(c >= 0x20 && c < 0x7f, "a mail's header is printable ASCII");
    if (!line.starts_with(' ')) ++names;
  }
  fuzz::promise(names == 9, "a mail has the headers that we gave it");
  for (const auto line : fuzz::split(input.rest(), "\r\n")) fuzz::promise(line.size() <= 76, "a mail's lines are short");
  fuzz::promise_same(read_quoted_printable(input.rest()), with_crlf(mail.text), "a mail's text is read as it was written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(fuzz::as_text(data, size));
  const std::string from(input.line());
  const std::string to(input.line());
  const std::string subject(input.line());
  const std::string id(input.line());
  log_it(from, subject, input.rest());
  mail_it({.from = from, .to = to, .subject = subject, .text = std::string(input.rest()), .id = id});
  return 0;
}
