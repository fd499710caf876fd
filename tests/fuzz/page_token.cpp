// Page tokens: what we wrote we read, and nothing else. Input: "=" and the parts of a cursor, a line each; or a token.

#include "pkg/paging/paging.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using pkg::paging::Cursor;

constexpr std::size_t most_parts = 4;

void write_and_read(std::string_view text) {
  Cursor cursor;
  for (const auto part : fuzz::split(text, "\n")) cursor.emplace_back(part);
  const std::string token = pkg::paging::write_token(cursor);
  if (token.size() > 2048) return;  // longer than any position of ours
  const auto page = pkg::paging::read_page(20, token, cursor.size());
  fuzz::promise(page.has_value(), "a token of ours is taken");
  fuzz::promise(page->after == cursor, "a token says what it was made of, whatever that holds");
  fuzz::promise(!pkg::paging::read_page(20, token, cursor.size() + 1), "a token of another list is refused");
}

void read_foreign(std::string_view token) {
  for (std::size_t parts = 1; parts <= most_parts; ++parts) {
    const auto page = pkg::paging::read_page(20, token, parts);
    if (!page) {
      fuzz::promise_error(page.error(), {"malformed_page_token"});
      continue;
    }
    if (token.empty()) return fuzz::promise(page->after.empty(), "no token is the first page");
    fuzz::promise_same(pkg::paging::write_token(page->after), token, "a token that we did not write is refused");
    if (const auto read = pkg::paging::read_time_and_id(page->after)) {
      // Time and id have one spelling in our tokens; that others move only their sender's own list is paging.cpp's to say.
      const auto again = pkg::paging::read_time_and_id(pkg::paging::time_and_id(read->time, read->id));
      fuzz::promise(again && again->time == read->time && again->id == read->id, "a position is written and read to the same");
    } else {
      fuzz::promise_error(read.error(), {"malformed_page_token"});
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::as_text(data, size);
  if (text.starts_with('=')) {
    write_and_read(text.substr(1));
  } else {
    read_foreign(text);
  }
  return 0;
}
