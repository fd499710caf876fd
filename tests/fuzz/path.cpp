// The path matcher against the plainest one there is. Input: a line with the template, then the path.

#include <optional>
#include <string>

#include "pkg/rest/path_template.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using pkg::rest::Path;
using pkg::rest::PathTemplate;
using Values = std::optional<std::vector<std::string>>;

/// A template as google.api.http describes it, taken apart with no thought of speed. The text is a good one.
struct Reference {
  std::vector<std::string> segments;  ///< "*", "**" or a literal
  struct Variable {
    std::string name;
    std::size_t begin;
    std::size_t end;
  };
  std::vector<Variable> variables;
  std::string verb;

  explicit Reference(std::string text) {
    const auto last = text.rfind('}') == std::string::npos ? 0 : text.rfind('}');
    if (const auto colon = text.find(':', last); colon != std::string::npos) {
      verb = text.substr(colon + 1);
      text.resize(colon);
    }
    std::string segment;
    const auto finish = [&] { segments.push_back(std::exchange(segment, {})); };
    for (std::size_t i = 1; i <= text.size(); ++i) {
      if (i < text.size() && text[i] == '{') {
        const auto close = text.find('}', i);
        const std::string inside = text.substr(i + 1, close - i - 1);
        const auto equals = inside.find('=');
        const std::string pattern = equals == std::string::npos ? "*" : inside.substr(equals + 1);
        const std::size_t begin = segments.size();
        for (const auto part : fuzz::split(pattern, "/")) segments.emplace_back(part);
        variables.push_back({inside.substr(0, equals), begin, segments.size()});
        i = close + 1;
      } else if (i == text.size() || text[i] == '/') {
        finish();
      } else {
        segment += text[i];
      }
    }
  }

  Values match(const Path& path) const {
    if (path.verb != verb) return std::nullopt;
    const bool open = segments.back() == "**";
    if (open ? path.segments.size() + 1 < segments.size() : path.segments.size() != segments.size()) return std::nullopt;
    for (std::size_t i = 0; i < segments.size() && segments[i] != "**"; ++i) {
      const bool fits = segments[i] == "*" ? !path.segments[i].empty() : segments[i] == path.segments[i];
      if (!fits) return std::nullopt;
    }
    std::vector<std::string> values;
    for (const auto& variable : variables) {
      const bool to_the_end = open && variable.end == segments.size();
      std::string value;
      for (std::size_t i = variable.begin; i < (to_the_end ? path.segments.size() : variable.end); ++i) {
        value += (i > variable.begin ? "/" : "") + path.segments[i];
      }
      values.push_back(value);
    }
    return values;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(fuzz::as_text(data, size));
  const auto text = input.line();
  const auto pattern = PathTemplate::parse(text);
  const auto path = pkg::rest::parse_path(input.rest());
  if (!path) fuzz::promise_error(path.error(), {"bad_path"});
  if (!pattern) return fuzz::promise(!pattern.error().empty(), "a bad template is told why"), 0;
  fuzz::promise_same(pattern->text(), text, "a template keeps its text");
  fuzz::promise((*pattern <=> *pattern) == 0, "a template is as specific as itself");
  const Reference reference{std::string(text)};
  std::vector<std::string> names;
  for (const auto& variable : reference.variables) names.push_back(variable.name);
  fuzz::promise(pattern->variables() == names, "the variables are those of the reference");
  if (path) fuzz::promise(pattern->match(*path) == reference.match(*path), "the matcher agrees with the reference");
  return 0;
}
