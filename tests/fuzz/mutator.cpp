#include "tests/fuzz/mutator.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "tests/fuzz/input.hpp"

namespace fuzz {
namespace {

constexpr std::size_t longest = 4096;

// Where readers go wrong: ends of ranges, signs, quotes, separators, broken UTF-8.
constexpr std::array<std::string_view, 16> odd_words{"0",
                                                     "-1",
                                                     "9223372036854775808",
                                                     "18446744073709551616",
                                                     std::string_view("\0", 1),
                                                     "\n",
                                                     "\r\n",
                                                     "\"",
                                                     "%00",
                                                     "\xff",
                                                     "\xc3",
                                                     "\xed\xa0\x80",
                                                     " ",
                                                     "=",
                                                     "/",
                                                     "\x1f"};

}  // namespace

std::string Mutator::changed(std::string input) {
  for (std::size_t left = 1 + below(4); left > 0; --left) change(input);
  if (input.size() > longest) input.resize(longest);
  return input;
}

std::string_view Mutator::borrowed() {
  if (corpus_.empty()) return {};
  const std::string_view from = corpus_[below(corpus_.size())];
  const std::size_t begin = below(from.size());
  return from.substr(begin, 1 + below(std::min<std::size_t>(64, from.size() - begin)));
}

void Mutator::change(std::string& input) {
  const std::size_t at = below(input.size() + 1);
  const std::size_t part = std::min(input.size() - at, 1 + below(16));
  switch (below(9)) {
    case 0:
      if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
      return;
    case 1:
      if (at < input.size()) input[at] = static_cast<char>(below(256));
      return;
    case 2: input.erase(at, part); return;
    case 3: input.insert(at, 1, static_cast<char>(below(256))); return;
    case 4: input.insert(at, std::string(input.substr(at, part))); return;
    case 5: input.replace(at, below(2) * part, borrowed()); return;
    case 6: input.replace(at, below(2) * part, odd_words[below(odd_words.size())]); return;
    case 7:
      if (!words_.empty()) input.replace(at, below(2) * part, words_[below(words_.size())]);
      return;
    case 8: input.resize(at); return;
  }
}

std::vector<std::string> words_of(std::string_view dictionary) {
  std::vector<std::string> words;
  for (const std::string_view line : split(dictionary, "\n")) {
    const auto begin = line.find('"');
    const auto end = line.rfind('"');
    if (line.starts_with('#') || begin == end) continue;
    std::string word;
    for (std::string_view rest = line.substr(begin + 1, end - begin - 1); !rest.empty();) {
      unsigned byte = 0;
      if (rest.starts_with("\\x") && rest.size() >= 4 && std::from_chars(rest.data() + 2, rest.data() + 4, byte, 16).ec == std::errc{}) {
        word += static_cast<char>(byte);
        rest.remove_prefix(4);
        continue;
      }
      if (rest.front() == '\\') rest.remove_prefix(1);
      if (rest.empty()) break;
      word += rest.front();
      rest.remove_prefix(1);
    }
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace fuzz
