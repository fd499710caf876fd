#pragma once
// The parts of a request's address, decoded once and strictly.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/errors/error.hpp"

namespace pkg::rest {

struct Path {
  std::vector<std::string> segments;  ///< decoded; "/a/b" has two
  std::string verb;                   ///< "checkout" of "/baskets/7:checkout"; a colon that is part of a name is sent as %3A
};

/// Fails as `malformed` ("bad_path") for anything but UTF-8 without U+0000, well encoded, after a slash.
errors::Result<Path> parse_path(std::string_view raw);

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// name=value pairs in their order; a plus is a space. Fails as `malformed` ("bad_query").
errors::Result<Parameters> parse_query(std::string_view raw);

/// Well-formed UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace pkg::rest
