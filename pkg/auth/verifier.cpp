#include <algorithm>

#include "pkg/auth/base64.hpp"
#include "pkg/auth/jose.hpp"
#include "pkg/auth/secrets.hpp"
#include "pkg/auth/token_cache.hpp"
#include "pkg/auth/tokens.hpp"

namespace pkg::auth {
namespace {

constexpr std::size_t es256_signature_size = 64;

std::unexpected<errors::Error> invalid(const char* why) { return errors::fail(errors::ErrorKind::unauthenticated, "token_invalid", why); }

std::string_view as_text(const std::vector<std::uint8_t>& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// The key id of a token whose form and header are in order. The header is untrusted: it says which key to try, never how.
errors::Result<std::string> read_header(std::string_view token) {
  if (token.size() > longest_token) return invalid("the token is too long");
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last)
    return invalid("the token is not a signed JWT");
  const auto header_bytes = base64_decode(token.substr(0, first));
  const auto signature = base64_decode(token.substr(last + 1));
  if (!header_bytes || !signature || !base64_decode(token.substr(first + 1, last - first - 1)))
    return invalid("the token is not a signed JWT");
  const auto header = parse_object(as_text(*header_bytes));
  if (!header) return invalid("the token's header is not a JSON object of distinct names");
  if (text_at(header.get(), "alg") != "ES256") return invalid("the token is not signed with ES256");
  if (text_at(header.get(), "typ") != "at+jwt") return invalid("the token is not an access token");
  if (json_object_get(header.get(), "crit") != nullptr) return invalid("the token demands an extension that is not known here");
  if (signature->size() != es256_signature_size) return invalid("the token's signature does not fit");
  auto kid = text_at(header.get(), "kid");
  if (!kid || kid->empty()) return invalid("the token does not name its key");
  return std::move(*kid);
}

/// The payload of a token that the key has signed.
errors::Result<std::string> read_signed(std::string_view token, const PublicKey& key) {
  const Jws jws(cjose_jws_import(token.data(), token.size(), nullptr));
  if (!jws || !cjose_jws_verify(jws.get(), key.jwk(), nullptr)) return invalid("the token's signature does not fit");
  std::uint8_t* bytes = nullptr;  // stays the JWS's
  std::size_t size = 0;
  if (!cjose_jws_get_plaintext(jws.get(), &bytes, &size, nullptr)) return invalid("the token has no content");
  return std::string(reinterpret_cast<const char*>(bytes), size);
}

/// A time in whole seconds since 1970, up to the year 36812: what arithmetic in microseconds bears.
std::optional<clock::TimePoint> time_at(const json_t* object, const char* name) {
  const json_t* value = json_object_get(object, name);
  if (!json_is_integer(value)) return std::nullopt;
  const auto seconds = json_integer_value(value);
  if (seconds < 0 || seconds > (json_int_t{1} << 40)) return std::nullopt;
  return clock::TimePoint{std::chrono::seconds{seconds}};
}

bool is_for(const json_t* audience, std::string_view us) {
  const auto same = [&](const json_t* text) {
    return json_is_string(text) && std::string_view(json_string_value(text), json_string_length(text)) == us;
  };
  if (!json_is_array(audience)) return same(audience);
  bool found = false;
  for (std::size_t i = 0; i < json_array_size(audience); ++i) {
    const json_t* one = json_array_get(audience, i);
    if (!json_is_string(one)) return false;
    found = found || same(one);
  }
  return found;
}

std::optional<std::vector<std::string>> roles_in(const json_t* claims) {
  const json_t* array = json_object_get(claims, "roles");
  if (!json_is_array(array)) return std::nullopt;
  std::vector<std::string> roles;
  for (std::size_t i = 0; i < json_array_size(array); ++i) {
    const json_t* role = json_array_get(array, i);
    if (!json_is_string(role)) return std::nullopt;
    roles.emplace_back(json_string_value(role), json_string_length(role));
  }
  return roles;
}

errors::Result<Claims> read_claims(std::string_view payload, const VerifierOptions& options, clock::TimePoint now) {
  const auto json = parse_object(payload);
  if (!json) return invalid("the token's content is not a JSON object of distinct names");
  Claims claims;
  claims.issuer = options.issuer;
  claims.audience = options.audience;
  if (text_at(json.get(), "iss") != options.issuer) return invalid("the token is from another issuer");
  if (!is_for(json_object_get(json.get(), "aud"), options.audience)) return invalid("the token is meant for another audience");

  claims.subject = text_at(json.get(), "sub").value_or("");
  if (claims.subject.empty()) return invalid("the token has no subject");
  auto roles = roles_in(json.get());
  if (!roles) return invalid("the token's roles are not a list of texts");
  claims.roles = std::move(*roles);
  const bool has_session = json_object_get(json.get(), "sid") != nullptr;
  const auto session = text_at(json.get(), "sid");
  if (has_session && !session) return invalid("the token's session is not a text");
  claims.session = session.value_or("");

  const auto issued = time_at(json.get(), "iat");
  const auto expires = time_at(json.get(), "exp");
  const bool has_start = json_object_get(json.get(), "nbf") != nullptr;
  const auto start = has_start ? time_at(json.get(), "nbf") : issued;
  if (!issued || !expires || !start) return invalid("the token's times are not whole seconds");
  claims.issued_at = *issued;
  claims.expires_at = *expires;
  if (std::max(*issued, *start) > now + options.leeway) return invalid("the token is not valid yet");
  return claims;
}

}  // namespace

Verifier::Verifier(KeySet& keys, const clock::Clock& clock, VerifierOptions options)
    : keys_(keys), clock_(clock), options_(std::move(options)), cache_(std::make_unique<TokenCache>(options_.remembered_tokens)) {}

Verifier::~Verifier() = default;

errors::Result<Claims> Verifier::check_times(Claims claims) const {
  if (clock_.now() >= claims.expires_at + options_.leeway) {
    return errors::fail(errors::ErrorKind::unauthenticated, "token_expired", "the token has expired: refresh it or sign in again");
  }
  return claims;
}

errors::Result<Claims> Verifier::verify(std::string_view token) {
  if (token.size() > longest_token) return invalid("the token is too long");
  const auto digest = sha256(token);
  if (auto remembered = cache_->find(digest)) {
    // A withdrawn key takes its tokens with it, remembered or not.
    const auto key = keys_.find(remembered->kid);
    if (key && *key != nullptr) {
      auto claims = check_times(std::move(remembered->claims));
      if (!claims) cache_->forget(digest);
      return claims;
    }
    cache_->forget(digest);
  }
  auto kid = read_header(token);
  if (!kid) return errors::pass_on(kid);
  const auto key = keys_.find(*kid);
  if (!key) return errors::pass_on(key);
  if (*key == nullptr) return invalid("the token is signed with a key that is not known here");
  const auto payload = read_signed(token, **key);
  if (!payload) return errors::pass_on(payload);
  auto read = read_claims(*payload, options_, clock_.now());
  if (!read) return read;
  auto claims = check_times(std::move(*read));
  if (claims) cache_->put(digest, {std::move(*kid), *claims});
  return claims;
}

std::function<errors::Result<rpc::Caller>(std::string_view)> authenticator(Verifier& verifier) {
  return [&verifier](std::string_view token) -> errors::Result<rpc::Caller> {
    auto claims = verifier.verify(token);
    if (!claims) return errors::pass_on(claims);
    return rpc::Caller{.subject = std::move(claims->subject), .roles = std::move(claims->roles)};
  };
}

}  // namespace pkg::auth
