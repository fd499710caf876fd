// The JSON reader: what it takes is written and read again to the same, and what it refuses it refuses in its own words.
// Input: the JSON text of a Thing (pkg/json/testing/things.proto). After "=", bare text for each field that takes some. After "#", a Thing
// in binary, as a peer may send it: whatever it holds, it is written as JSON.

#include "pkg/json/json.hpp"

#include <google/protobuf/util/message_differencer.h>
#include <boost/json/parse.hpp>

#include "pkg/json/testing/things.pb.h"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using google::protobuf::util::MessageDifferencer;
using mallbots::jsontest::v1::Thing;

void promise_refusal(const pkg::errors::Error& error) {
  fuzz::promise(error.kind == pkg::errors::ErrorKind::malformed, "bad JSON is malformed and nothing else");
  fuzz::promise_error(error, {"malformed_json", "too_deep", "unknown_field", "duplicate_field", "conflicting_fields", "wrong_type",
                              "out_of_range", "unknown_value", "bad_character"});
}

void promise_round_trip(const Thing& thing) {
  const std::string written = pkg::json::write(thing);
  fuzz::promise(fuzz::is_utf8(written), "JSON is UTF-8");
  fuzz::promise(written.find('\n') == std::string::npos, "JSON is written on one line");
  Thing again;
  const auto read = pkg::json::read(written, again);
  if (!read) fuzz::promise_same(written, read.error().field + ": " + read.error().detail, "what is written can be read");
  fuzz::promise_same(written, pkg::json::write(again), "what is read is written the same");
  fuzz::promise(MessageDifferencer::Equals(thing, again), "what is read is what was written");
}

void read_text(std::string_view text) {
  Thing thing;
  if (const auto read = pkg::json::read(text, thing); !read) return promise_refusal(read.error());
  fuzz::promise(fuzz::is_utf8(text), "JSON that is taken is UTF-8");
  promise_round_trip(thing);
}

void read_parameters(std::string_view text) {
  if (!fuzz::is_utf8(text)) return;  // pkg/rest/url takes nothing else
  const auto& type = *Thing::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    Thing thing;
    const auto read = pkg::json::read_parameter(text, thing, *type.field(i));
    if (!read) {
      promise_refusal(read.error());
    } else {
      promise_round_trip(thing);
    }
  }
}

void write_binary(std::string_view bytes) {
  Thing thing;
  if (!thing.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = 200;  // a peer's message may be deeper than a caller's
  const auto json = boost::json::parse(pkg::json::write(thing), error, {}, options);
  fuzz::promise(!error && json.is_object(), "a message is written as one JSON object");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::as_text(data, size);
  if (text.starts_with('=')) {
    read_parameters(text.substr(1));
  } else if (text.starts_with('#')) {
    write_binary(text.substr(1));
  } else {
    read_text(text);
  }
  return 0;
}
