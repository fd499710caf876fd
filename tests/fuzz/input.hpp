#pragma once
// What every fuzz target is made of. A target is LLVMFuzzerTestOneInput (target.hpp): it takes any bytes and promises something about what
// becomes of them. A promise that is broken ends the process, as a sanitizer's finding does.

#include <source_location>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/errors/error.hpp"

namespace fuzz {

/// Ends the process with the sentence when the promise is broken.
void promise(bool kept, std::string_view sentence, std::source_location where = std::source_location::current());

/// The same for two values that must be equal; both are shown, as far as they are text.
void promise_same(std::string_view one, std::string_view other, std::string_view sentence,
                  std::source_location where = std::source_location::current());

/// An error that a caller can use: a code in lower_snake_case that is one of `codes`, a sentence, and neither is broken UTF-8.
void promise_error(const pkg::errors::Error& error, std::initializer_list<std::string_view> codes,
                   std::source_location where = std::source_location::current());

/// The same where the codes are not known here; never `internal`, which is our fault and not the input's.
void promise_error(const pkg::errors::Error& error, std::source_location where = std::source_location::current());

/// Takes an input apart. Inputs are text as far as they can be, so that people can read and write a corpus.
class Input {
 public:
  explicit Input(std::string_view bytes) : rest_(bytes) {}

  /// Up to the next line feed, which is dropped; all that is left where there is none.
  std::string_view line() { return until("\n"); }
  std::string_view until(std::string_view mark);
  std::string_view rest() const { return rest_; }
  bool is_empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::vector<std::string_view> split(std::string_view text, std::string_view mark);

/// Well-formed UTF-8, found out the slow and simple way.
bool is_utf8(std::string_view text);

}  // namespace fuzz
