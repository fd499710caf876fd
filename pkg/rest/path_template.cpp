#include "pkg/rest/path_template.hpp"

namespace pkg::rest {

std::expected<PathTemplate, std::string> PathTemplate::parse(std::string_view text) {
  PathTemplate result;
  result.text_ = text;
  const auto fault = [&](std::string_view why) { return std::unexpected("path \"" + std::string(text) + "\": " + std::string(why)); };
  std::string_view rest = text;
  if (!rest.starts_with('/')) return fault("does not begin with a slash");
  while (!rest.empty()) {
    if (rest.front() == ':') {
      result.verb_ = rest.substr(1);
      if (result.verb_.empty() || result.verb_.find_first_of("/{}:*") != std::string::npos) return fault("has a bad verb");
      break;
    }
    if (rest.front() != '/') return fault("has no slash after a variable");
    rest.remove_prefix(1);
    const bool is_variable = rest.starts_with('{');
    const auto end = is_variable ? rest.find('}') : rest.find_first_of("/:");
    if (is_variable && end == std::string_view::npos) return fault("has a variable without its end");
    const auto why = is_variable ? result.add_variable(rest.substr(1, end - 1)) : result.add_segment(rest.substr(0, end));
    if (why) return fault(*why);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(is_variable ? end + 1 : end);
  }
  for (std::size_t i = 0; i + 1 < result.segments_.size(); ++i) {
    if (result.segments_[i].kind == Kind::rest) return fault("has ** before its end");
  }
  return result;
}

std::optional<std::string> PathTemplate::add_segment(std::string_view text) {
  if (text == "*") {
    segments_.push_back({Kind::one, {}});
  } else if (text == "**") {
    segments_.push_back({Kind::rest, {}});
  } else if (text.empty() || text.find_first_of("{}*=%") != std::string_view::npos) {
    return "has a bad segment \"" + std::string(text) + '"';
  } else {
    segments_.push_back({Kind::literal, std::string(text)});
  }
  return std::nullopt;
}

std::optional<std::string> PathTemplate::add_variable(std::string_view text) {
  const auto equals = text.find('=');
  Variable variable{std::string(text.substr(0, equals)), segments_.size(), 0};
  if (variable.field.empty()) return "has a variable without a name";
  std::string_view pattern = equals == std::string_view::npos ? std::string_view("*") : text.substr(equals + 1);
  for (;;) {
    const auto slash = pattern.find('/');
    if (auto why = add_segment(pattern.substr(0, slash))) return why;
    if (slash == std::string_view::npos) break;
    pattern.remove_prefix(slash + 1);
  }
  variable.end = segments_.size();
  variables_.push_back(std::move(variable));
  return std::nullopt;
}

std::optional<std::vector<std::string>> PathTemplate::match(const Path& path) const {
  const bool open_ended = !segments_.empty() && segments_.back().kind == Kind::rest;
  const std::size_t fixed = segments_.size() - (open_ended ? 1 : 0);
  if (path.verb != verb_ || path.segments.size() < fixed || (!open_ended && path.segments.size() != fixed)) return std::nullopt;
  for (std::size_t i = 0; i < fixed; ++i) {
    const Segment& segment = segments_[i];
    if (segment.kind == Kind::literal ? path.segments[i] != segment.literal : path.segments[i].empty()) return std::nullopt;
  }
  std::vector<std::string> values;
  values.reserve(variables_.size());
  for (const Variable& variable : variables_) {
    const std::size_t end = variable.end > fixed ? path.segments.size() : variable.end;
    std::string value;
    for (std::size_t i = variable.begin; i < end; ++i) {
      if (i > variable.begin) value += '/';
      value += path.segments[i];
    }
    values.push_back(std::move(value));
  }
  return values;
}

std::vector<std::string> PathTemplate::variables() const {
  std::vector<std::string> names;
  for (const Variable& variable : variables_) names.push_back(variable.field);
  return names;
}

std::weak_ordering operator<=>(const PathTemplate& a, const PathTemplate& b) {
  if (const auto by_segments = a.segments_ <=> b.segments_; by_segments != 0) return by_segments;
  return a.verb_ <=> b.verb_;
}

}  // namespace pkg::rest
