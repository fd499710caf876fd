#include "pkg/auth/jose.hpp"
#include "pkg/auth/tokens.hpp"

namespace pkg::auth {
namespace {

json_int_t unix_seconds(clock::TimePoint time) { return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count(); }

json_t* to_json(const std::vector<std::string>& texts) {
  json_t* array = json_array();
  for (const auto& text : texts) json_array_append_new(array, json_stringn(text.data(), text.size()));
  return array;
}

}  // namespace

errors::Result<std::string> Signer::issue(const Claims& claims) const {
  const auto not_valid = [](const char* why) { return errors::fail(errors::ErrorKind::internal, "token_not_valid", why); };
  if (claims.subject.empty() || claims.issuer.empty() || claims.audience.empty())
    return not_valid("a token needs a subject, an issuer and an audience");
  if (claims.expires_at <= claims.issued_at) return not_valid("a token must not expire before it is issued");

  const Json json(json_object());
  const auto set = [&](const char* name, const std::string& text) {
    return json_object_set_new(json.get(), name, json_stringn(text.data(), text.size())) == 0;
  };
  const bool is_set = set("iss", claims.issuer) && set("sub", claims.subject) && set("aud", claims.audience) &&
                      (claims.session.empty() || set("sid", claims.session)) &&
                      json_object_set_new(json.get(), "iat", json_integer(unix_seconds(claims.issued_at))) == 0 &&
                      json_object_set_new(json.get(), "exp", json_integer(unix_seconds(claims.expires_at))) == 0 &&
                      json_object_set_new(json.get(), "roles", to_json(claims.roles)) == 0 &&
                      json_array_size(json_object_get(json.get(), "roles")) == claims.roles.size();
  if (!is_set) return not_valid("a token's texts must be UTF-8");
  auto token = key_.sign(dump(json.get()));
  if (token && token->size() > longest_token) return not_valid("the token is too long");
  return token;
}

}  // namespace pkg::auth
