#pragma once
// Small changes of an input, the same ones in every run.

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

class Mutator {
 public:
  /// `corpus` is what parts are borrowed from, `words` what is put in whole; both outlive it.
  Mutator(std::uint64_t seed, const std::vector<std::string>& corpus, const std::vector<std::string>& words)
      : random_(seed), corpus_(corpus), words_(words) {}

  /// One to four changes, one after the other.
  std::string changed(std::string input);

 private:
  void change(std::string& input);
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(random_() % limit); }
  std::string_view borrowed();

  std::mt19937_64 random_;
  const std::vector<std::string>& corpus_;
  const std::vector<std::string>& words_;
};

/// The words of a dictionary in libFuzzer's format: a line each, `name="word"` or `"word"`, with \" \\ and \xNN.
std::vector<std::string> words_of(std::string_view dictionary);

}  // namespace fuzz
