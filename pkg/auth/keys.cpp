#include "pkg/auth/keys.hpp"

#include "pkg/auth/base64.hpp"
#include "pkg/auth/jose.hpp"
#include "pkg/auth/secrets.hpp"

namespace pkg::auth {
namespace {

constexpr std::size_t coordinate_size = 32;

/// One of x, y and d, in exactly the length that P-256 has.
std::optional<std::string> coordinate(const json_t* jwk, const char* name) {
  auto text = text_at(jwk, name);
  if (!text) return std::nullopt;
  const auto bytes = base64_decode(*text);
  if (!bytes || bytes->size() != coordinate_size) return std::nullopt;
  return text;
}

/// Reads only the members that make the key; cjose refuses a point that is not on the curve.
Jwk import_key(const json_t* jwk, bool is_private) {
  const auto x = coordinate(jwk, "x");
  const auto y = coordinate(jwk, "y");
  const auto d = is_private ? coordinate(jwk, "d") : std::nullopt;
  if (text_at(jwk, "kty") != "EC" || text_at(jwk, "crv") != "P-256" || !x || !y || (is_private && !d)) return nullptr;
  const Json clean(json_pack("{s:s, s:s, s:s, s:s}", "kty", "EC", "crv", "P-256", "x", x->c_str(), "y", y->c_str()));
  if (d) json_object_set_new(clean.get(), "d", json_string(d->c_str()));
  const auto text = dump(clean.get());
  return Jwk(cjose_jwk_import(text.data(), text.size(), nullptr));
}

Json to_json(const _cjose_jwk_int* key, bool with_private) {
  char* text = cjose_jwk_to_json(key, with_private, nullptr);
  if (text == nullptr) return nullptr;
  Json json = parse_object(text);
  cjose_get_dealloc()(text);
  return json;
}

/// RFC 7638: the required members in alphabetical order, without blanks.
std::string thumbprint(const _cjose_jwk_int* key) {
  const auto json = to_json(key, false);
  const auto canonical = R"({"crv":"P-256","kty":"EC","x":")" + text_at(json.get(), "x").value_or("") + R"(","y":")" +
                         text_at(json.get(), "y").value_or("") + "\"}";
  return base64_encode(sha256(canonical));
}

bool may_verify_es256(const json_t* jwk) {
  const auto use = text_at(jwk, "use");
  const auto alg = text_at(jwk, "alg");
  return (!use || *use == "sig") && (!alg || *alg == "ES256");
}

}  // namespace

void JwkDeleter::operator()(_cjose_jwk_int* key) const { cjose_jwk_release(key); }

SigningKey::SigningKey(Jwk key) : key_(std::move(key)), kid_(thumbprint(key_.get())) {}

errors::Result<SigningKey> SigningKey::generate() {
  Jwk key(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, nullptr));
  if (!key) return errors::fail(errors::ErrorKind::internal, "signing_key_not_made", "no signing key could be made");
  return SigningKey(std::move(key));
}

errors::Result<SigningKey> SigningKey::from_private_jwk(std::string_view text) {
  const auto malformed = [](const char* why) { return errors::fail(errors::ErrorKind::malformed, "signing_key_malformed", why); };
  const auto json = parse_object(text);
  if (!json) return malformed("the signing key is not a JSON object");
  Jwk key = import_key(json.get(), true);
  if (!key) return malformed("the signing key is not a private EC JWK on P-256");
  SigningKey made(std::move(key));
  // cjose works the public half out of d: a text whose x and y say something else was put together from two keys.
  const auto derived = to_json(made.key_.get(), false);
  const bool is_one_key =
      text_at(json.get(), "x") == text_at(derived.get(), "x") && text_at(json.get(), "y") == text_at(derived.get(), "y");
  const auto probe = made.sign("probe");
  const Jws jws(probe ? cjose_jws_import(probe->data(), probe->size(), nullptr) : nullptr);
  if (!is_one_key || !jws || !cjose_jws_verify(jws.get(), made.key_.get(), nullptr)) {
    return malformed("the signing key's two halves do not belong together");
  }
  return made;
}

std::string SigningKey::to_private_jwk() const { return dump(to_json(key_.get(), true).get()); }

std::string SigningKey::public_jwk() const {
  const auto json = to_json(key_.get(), false);
  for (const auto& [name, value] : {std::pair{"kid", kid_.c_str()}, {"use", "sig"}, {"alg", "ES256"}}) {
    json_object_set_new(json.get(), name, json_string(value));
  }
  return dump(json.get());
}

std::string SigningKey::jwks() const { return jwks_of(std::vector{public_jwk()}); }

errors::Result<std::string> SigningKey::sign(std::string_view payload) const {
  const auto failed = [] { return errors::fail(errors::ErrorKind::internal, "token_not_signed", "the token could not be signed"); };
  const Header header(cjose_header_new(nullptr));
  if (!header || !cjose_header_set(header.get(), CJOSE_HDR_ALG, CJOSE_HDR_ALG_ES256, nullptr) ||
      !cjose_header_set(header.get(), CJOSE_HDR_KID, kid_.c_str(), nullptr) || !cjose_header_set(header.get(), "typ", "at+jwt", nullptr)) {
    return failed();
  }
  const Jws jws(cjose_jws_sign(key_.get(), header.get(), reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size(), nullptr));
  const char* compact = nullptr;  // stays the JWS's
  if (!jws || !cjose_jws_export(jws.get(), &compact, nullptr)) return failed();
  return std::string(compact);
}

std::string jwks_of(std::span<const std::string> public_jwks) {
  std::string text = "{\"keys\":[";
  for (const auto& jwk : public_jwks) {
    if (text.back() != '[') text += ',';
    text += jwk;
  }
  return text + "]}";
}

errors::Result<std::vector<PublicKey>> parse_jwks(std::string_view text) {
  const auto json = parse_object(text);
  const json_t* listed = json_object_get(json.get(), "keys");
  std::vector<PublicKey> keys;
  for (std::size_t i = 0; i < json_array_size(listed); ++i) {
    const json_t* jwk = json_array_get(listed, i);
    auto kid = text_at(jwk, "kid");
    if (!kid || kid->empty() || !may_verify_es256(jwk)) continue;
    if (Jwk key = import_key(jwk, false)) keys.emplace_back(std::move(*kid), std::move(key));
  }
  if (keys.empty())
    return errors::fail(errors::ErrorKind::malformed, "key_set_malformed",
                        "the key set has no key that ES256 signatures could be verified with");
  return keys;
}

}  // namespace pkg::auth
