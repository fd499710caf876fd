#include "pkg/agent/testing/keys.hpp"

#include <gtest/gtest.h>

namespace pkg::agent::testing {

Keys::Keys() {
  site_.add_get("/jwks", [this](const rest::Request&) {
    rest::Response response;
    response.content_type = "application/json";
    response.body = signer_.key().jwks();
    return response;
  });
  const auto started = server_.start();
  EXPECT_TRUE(started) << started.error().detail;
}

std::string Keys::token(const std::string& subject, std::vector<std::string> roles) const {
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
  return signer_
      .issue({.subject = subject,
              .roles = std::move(roles),
              .session = "s-1",
              .issued_at = now,
              .expires_at = now + std::chrono::minutes{15},
              .issuer = "mallbots",
              .audience = "mallbots"})
      .value();
}

}  // namespace pkg::agent::testing
