// Settings: what a file, the environment or the command line says is taken as it stands or refused with a sentence, and no secret is shown.
// Input: three parts, divided by lines of "---": an env file, environment lines NAME=value, arguments, a line each.

#include "pkg/config/env_file.hpp"
#include "pkg/config/read.hpp"
#include "pkg/config/values.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace {

namespace config = pkg::config;
using namespace std::chrono_literals;

struct Settings {
  std::string name = "x";
  config::Secret secret;
  bool flag = false;
  std::uint16_t port = 80;
  std::string url = "nats://localhost";
  std::vector<std::string> list;
  std::uint64_t size = 1;
  std::chrono::milliseconds wait{1s};
  int number = 3;
  std::string word = "memory";

  void declare(config::Spec& spec) {
    spec.text("NAME", name, "a text").shared();
    spec.secret("SECRET", secret, "a secret");
    spec.flag("FLAG", flag, "a flag");
    spec.port("PORT", port, "a port");
    spec.url("URL", url, "a URL").schemes({"nats", "memory"});
    spec.list("LIST", list, "a list");
    spec.bytes("SIZE", size, "a size").between(1, 1 << 30);
    spec.duration("WAIT", wait, "a time").between(1ms, 24h);
    spec.number("NUMBER", number, "a number").between(-5, 5);
    spec.text("WORD", word, "a word").one_of({"memory", "nats"});
  }
  void promise_limits() const {
    fuzz::promise(size >= 1 && size <= 1U << 30 && wait >= 1ms && wait <= 24h && number >= -5 && number <= 5,
                  "values are within their limits");
    fuzz::promise(word == "memory" || word == "nats", "a word is one of those that are known");
    const auto scheme = config::url_scheme(url);
    fuzz::promise(scheme == "nats" || scheme == "memory", "a URL is of a scheme that is known");
  }
};

void single_values(std::string_view text) {
  if (const auto number = config::parse_number(text))
    fuzz::promise(config::parse_number(std::to_string(*number)) == number, "numbers come back");
  if (const auto time = config::parse_duration(text))
    fuzz::promise(config::parse_duration(config::format_duration(*time)) == time, "times come back");
  if (const auto size = config::parse_bytes(text))
    fuzz::promise(config::parse_bytes(config::format_bytes(*size)) == size, "sizes come back");
  const auto list = config::parse_list(text);
  fuzz::promise(config::parse_list(config::format_list(list)) == list, "lists come back");
  fuzz::promise(config::url_scheme(text).empty() || text.starts_with(config::url_scheme(text)), "a scheme begins a URL");
  static_cast<void>(config::masked_url(text));
}

/// A file that holds the same, every value in quotes.
std::string quoted(const config::EnvFile& file) {
  std::string text;
  for (const auto& [name, value, line] : file.entries) {
    text += name + "=\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') text += '\\';
      text += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    text += "\"\n";
  }
  return text;
}

void env_file(std::string_view text) {
  const auto file = config::parse_env_file(text);
  for (const auto& fault : file.faults) fuzz::promise(fault.starts_with("line "), "a fault says in which line");
  const auto again = config::parse_env_file(quoted(file));
  fuzz::promise(again.faults.empty() && again.entries.size() == file.entries.size(), "a file is written and read again");
  for (std::size_t i = 0; i < file.entries.size(); ++i) {
    fuzz::promise_same(file.entries[i].name, again.entries[i].name, "names come back");
    fuzz::promise_same(file.entries[i].value, again.entries[i].value, "values come back");
    single_values(file.entries[i].value);
  }
}

/// Where the secret can be told from other text, and stands nowhere else.
void promise_hidden(const Settings& settings, std::string_view input, const std::string& output) {
  const auto& secret = settings.secret.reveal();
  if (!secret.starts_with("hush-hush-") || secret.size() < 14 || input.find(secret) != input.rfind(secret)) return;
  fuzz::promise(output.find(secret) == std::string::npos, "a secret is not shown");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(fuzz::as_text(data, size));
  const auto file = input.until("\n---\n");
  const auto variables = input.until("\n---\n");
  env_file(file);

  Settings settings;
  config::Spec spec("fuzz", std::string(file));
  settings.declare(spec);
  config::Sources sources;
  for (const auto line : fuzz::split(variables, "\n")) {
    fuzz::Input variable(line);
    const auto name = variable.until("=");
    sources.environment.emplace(name, variable.rest());
  }
  for (const auto argument : fuzz::split(input.rest(), "\n")) {
    if (!argument.empty() && argument.find("--env-file") == std::string_view::npos) sources.arguments.emplace_back(argument);
  }
  const auto verdict = config::read(spec, sources);
  promise_hidden(settings, fuzz::as_text(data, size), verdict.output);
  fuzz::promise(verdict.proceed == (verdict.output.empty()), "a program that goes on says nothing, any other says why");
  fuzz::promise(verdict.exit_code == 0 || verdict.exit_code == 2, "a wrong setting is exit code 2");
  if (verdict.exit_code == 0) settings.promise_limits();
  return 0;
}
