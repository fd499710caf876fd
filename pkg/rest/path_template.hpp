#pragma once
// The path part of a google.api.http rule: /api/v1/baskets/{id}/items/{product_id}, /v1/{name=shelves/*}/books, …/{id}:checkout

#include <compare>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/rest/url.hpp"

namespace pkg::rest {

class PathTemplate {
 public:
  /// The error is a sentence for whoever wrote the .proto.
  static std::expected<PathTemplate, std::string> parse(std::string_view text);

  /// The variables' values in the order of variables(), or nothing where the path is another one.
  std::optional<std::vector<std::string>> match(const Path& path) const;

  /// Field paths as the .proto writes them: "id", "basket.id".
  std::vector<std::string> variables() const;
  const std::string& text() const { return text_; }

  /// The more specific template is the lesser: a literal before a variable.
  friend std::weak_ordering operator<=>(const PathTemplate& a, const PathTemplate& b);

 private:
  enum class Kind { literal, one, rest };
  struct Segment {
    Kind kind;
    std::string literal;
    friend auto operator<=>(const Segment&, const Segment&) = default;
  };
  struct Variable {
    std::string field;
    std::size_t begin;
    std::size_t end;
  };

  std::optional<std::string> add_segment(std::string_view text);
  std::optional<std::string> add_variable(std::string_view text);

  std::string text_;
  std::vector<Segment> segments_;
  std::vector<Variable> variables_;
  std::string verb_;
};

}  // namespace pkg::rest
