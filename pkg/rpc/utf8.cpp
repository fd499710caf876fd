#include "pkg/rpc/utf8.hpp"

#include <cstddef>

namespace pkg::rpc {
namespace {

constexpr bool is_between(unsigned char c, unsigned char low, unsigned char high) { return c >= low && c <= high; }

/// The length of the well-formed sequence at the start of the text, or 0 (the Unicode Standard, table 3-7).
std::size_t sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0); };
  const auto follows = [&](std::size_t i) { return is_between(at(i), 0x80, 0xbf); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  if (is_between(first, 0xc2, 0xdf)) return follows(1) ? 2 : 0;
  if (is_between(first, 0xe0, 0xef)) {
    const unsigned char low = first == 0xe0 ? 0xa0 : 0x80;    // no overlong forms
    const unsigned char high = first == 0xed ? 0x9f : 0xbf;   // no surrogates
    return is_between(at(1), low, high) && follows(2) ? 3 : 0;
  }
  if (is_between(first, 0xf0, 0xf4)) {
    const unsigned char low = first == 0xf0 ? 0x90 : 0x80;    // no overlong forms
    const unsigned char high = first == 0xf4 ? 0x8f : 0xbf;   // nothing above U+10FFFF
    return is_between(at(1), low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string well_formed(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto length = sequence_length(text);
    if (length == 0) {
      result.push_back('?');
      text.remove_prefix(1);
    } else {
      result.append(text.substr(0, length));
      text.remove_prefix(length);
    }
  }
  return result;
}

}  // namespace pkg::rpc
