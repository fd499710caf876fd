#include <gtest/gtest.h>

#include <optional>

#include "pkg/rest/path_template.hpp"

namespace pkg::rest {
namespace {

using Values = std::optional<std::vector<std::string>>;

const Values no_values = std::vector<std::string>();

Values match(std::string_view pattern, std::string_view path) {
  const auto parsed = PathTemplate::parse(pattern);
  if (!parsed) throw std::runtime_error(parsed.error());
  return parsed->match(*parse_path(path));
}

TEST(PathTemplate, MatchesItsPathsAndNoOthers) {
  struct Case {
    const char* pattern;
    const char* path;
    Values values;
  };
  for (const auto& [pattern, path, values] : {
           Case{"/api/v1/baskets", "/api/v1/baskets", no_values},
           Case{"/api/v1/baskets", "/api/v1/baskets/", std::nullopt},
           Case{"/api/v1/baskets", "/api/v1/Baskets", std::nullopt},
           Case{"/api/v1/baskets", "/api/v1/%62askets", no_values},
           Case{"/b/{id}", "/b/7", Values({"7"})},
           Case{"/b/{id}", "/b/", std::nullopt},
           Case{"/b/{id}", "/b/7/8", std::nullopt},
           Case{"/b/{id}", "/b/7%2F8", Values({"7/8"})},
           Case{"/b/{id}", "/b/7:verb", std::nullopt},
           Case{"/b/{id}", "/b/7%3Averb", Values({"7:verb"})},
           Case{"/b/{id}:verb", "/b/7:verb", Values({"7"})},
           Case{"/b/{id}:verb", "/b/7", std::nullopt},
           Case{"/b/{id}:verb", "/b/:verb", std::nullopt},
           Case{"/b:verb", "/b:verb", no_values},
           Case{"/b/{id}/items/{product_id}", "/b/7/items/x%20y", Values({"7", "x y"})},
           Case{"/b/*/items/{p}", "/b/7/items/8", Values({"8"})},
           Case{"/{name=shelves/*}/books", "/shelves/7/books", Values({"shelves/7"})},
           Case{"/{name=shelves/*}/books", "/rooms/7/books", std::nullopt},
           Case{"/f/{name=**}", "/f/a/b/c", Values({"a/b/c"})},
           Case{"/f/{name=**}", "/f", Values({""})},
           Case{"/f/**", "/f/a/b", no_values},
       }) {
    EXPECT_EQ(match(pattern, path), values) << pattern << " against " << path;
  }
}

TEST(PathTemplate, SaysWhatIsWrongWithARule) {
  for (const char* bad :
       {"", "b", "//", "/b/", "/{", "/{}", "/{id", "/{id}x", "/{id}{x}", "/b:", "/b:x/y", "/**/x", "/a*", "/a%20", "/{x=}"}) {
    EXPECT_FALSE(PathTemplate::parse(bad)) << bad;
  }
}

TEST(PathTemplate, PutsTheMoreSpecificFirst) {
  const auto less = [](const char* a, const char* b) { return *PathTemplate::parse(a) < *PathTemplate::parse(b); };
  EXPECT_TRUE(less("/users/me", "/users/{id}"));
  EXPECT_TRUE(less("/users/{id}", "/users/**"));
  EXPECT_TRUE((*PathTemplate::parse("/users/{id}") <=> *PathTemplate::parse("/users/{name}")) == 0);
}

}  // namespace
}  // namespace pkg::rest
