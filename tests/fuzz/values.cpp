// Small texts that become values: ids, currencies, versions, bearer tokens, trace contexts, times, password hashes. Input: one text for
// all.

#include "pkg/auth/base64.hpp"
#include "pkg/auth/password_hash.hpp"
#include "pkg/auth/passwords.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/json/base64.hpp"
#include "pkg/messaging/header_text.hpp"
#include "pkg/money/money.hpp"
#include "pkg/rpc/metadata.hpp"
#include "pkg/rpc/utf8.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using pkg::ids::Uuid;

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

void ids_and_money(std::string_view text) {
  if (const auto id = Uuid::parse(text)) fuzz::promise_same(id->to_string(), lower(std::string(text)), "an id is written as it was read");
  if (const auto id = Uuid::from_bytes(text)) {
    fuzz::promise_same(id->to_bytes(), text, "an id's bytes are kept");
    fuzz::promise(Uuid::parse(id->to_string()) == *id, "an id's text is read to the same");
  }
  if (const auto currency = pkg::money::Currency::parse(text))
    fuzz::promise_same(currency->to_string(), text, "a currency keeps its letters");
}

void metadata(std::string_view text) {
  const auto version = pkg::rpc::version_of(text);
  if (!version) fuzz::promise_error(version.error(), {"if_match_malformed"});
  if (version && *version) {
    const std::string number = std::to_string(**version);
    const bool known = text == number || text == '"' + number + '"' || text == "W/\"" + number + '"';
    fuzz::promise(known, "a version has three spellings and no more");
  }
  if (version && !*version) fuzz::promise(text.empty() || text == "*", "only nothing and * name no version");

  const auto token = pkg::rpc::bearer_token_of(text);
  fuzz::promise(token.empty() || (text.ends_with(token) || text.back() == ' '), "a bearer token is the end of its header");
  fuzz::promise(token.empty() || (token.front() != ' ' && token.back() != ' '), "a bearer token has no blanks around it");

  pkg::ids::CountingIds ids;
  const auto cause = pkg::rpc::cause_of(text, text, text, ids);
  fuzz::promise(!cause.correlation_id.empty() && cause.correlation_id.size() <= 128, "there is always an id to ask for");
  fuzz::promise(pkg::messaging::is_plain_utf8(cause.correlation_id) && pkg::messaging::is_plain_utf8(cause.causation_id),
                "ids can be sent on");
  fuzz::promise(cause.traceparent.empty() || (cause.traceparent == text && text.size() == 55), "a trace context is taken whole or not");

  const auto well_formed = pkg::rpc::well_formed(text);
  fuzz::promise(fuzz::is_utf8(well_formed), "what is quoted back is UTF-8");
  if (fuzz::is_utf8(text)) fuzz::promise_same(well_formed, text, "good text is quoted as it is");
}

void headers(std::string_view text) {
  fuzz::promise(!pkg::messaging::is_plain_utf8(text) || fuzz::is_utf8(text), "plain text is UTF-8");
  fuzz::promise(pkg::messaging::percent_decode(pkg::messaging::percent_encode(text)) == text, "a header's text is read as it was");
  if (const auto time = pkg::messaging::parse_time(text)) {
    const auto again = pkg::messaging::format_time(*time);
    fuzz::promise(again && pkg::messaging::parse_time(*again) == time, "a time is written and read to the same");
  }
  if (const auto number = pkg::messaging::parse_number(text))
    fuzz::promise_same(std::to_string(*number), text, "a number has one spelling");
}

void secrets(std::string_view text) {
  using pkg::auth::Base64;
  for (const auto alphabet : {Base64::url, Base64::classic}) {
    if (const auto bytes = pkg::auth::base64_decode(text, alphabet)) {
      fuzz::promise_same(pkg::auth::base64_encode(*bytes, alphabet), text, "base64 has one spelling");
    }
  }
  if (const auto bytes = pkg::json::base64_decode(text)) {
    std::string again;
    pkg::json::base64_encode(*bytes, again);
    fuzz::promise_same(again, text, "padded base64 has one spelling");
  }
  if (const auto hash = pkg::auth::parse_phc(text)) {
    fuzz::promise_same(pkg::auth::to_phc(*hash), text, "a password's hash has one spelling");
    fuzz::promise(hash->cost.memory_kib <= 256 * 1024 && hash->cost.passes <= 16, "a stored hash cannot ask for all memory");
    const bool is_of_today = hash->cost == pkg::auth::PasswordCost() && hash->hash.size() == 32;
    fuzz::promise(pkg::auth::PasswordHasher().needs_rehash(text) != is_of_today, "only a hash of another cost is made anew");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::as_text(data, size);
  ids_and_money(text);
  metadata(text);
  headers(text);
  secrets(text);
  return 0;
}
