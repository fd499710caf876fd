#include "users/internal/agent/settings.hpp"

namespace users::agent {

using namespace std::chrono_literals;

void Settings::declare(pkg::config::Spec& spec) {
  common.declare(spec);
  spec.flag("ENABLE_ON_REGISTRATION", enable_on_registration, "whether who registers may sign in without an operator's doing");
  spec.duration("ACCESS_TOKEN_LIFETIME", access_token_lifetime, "how long an access token is good; a disabled user's too").between(1s, 24h);
  spec.duration("REFRESH_TOKEN_LIFETIME", refresh_token_lifetime, "how long a session may be idle").between(1s, 24h * 365);
  spec.secret("SERVICE_SECRET", service_secret, "what services sign in with; empty: they cannot").shared();
  spec.text("OPERATOR_USERNAME", operator_username,
            "the first operator, made at the start where there is no user of this name; empty: none");
  spec.text("OPERATOR_EMAIL", operator_email, "the first operator's e-mail address");
  spec.secret("OPERATOR_PASSWORD", operator_password, "the first operator's password; one who exists keeps theirs");
}

}  // namespace users::agent
