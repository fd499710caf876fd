#pragma once

#include <mutex>
#include <string>

#include "pkg/clock/clock.hpp"
#include "pkg/config/secret.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/grpc/client.hpp"

namespace notifications::adapters::grpc {

/// This service's own identity for calls to others: signs in at users, and again shortly before the token ends. Safe to call from many
/// threads; they wait for one sign-in.
class ServiceSession {
 public:
  /// The channel and the clock outlive this.
  ServiceSession(const pkg::grpc::Channel& users, std::string service, pkg::config::Secret secret, const pkg::clock::Clock& clock)
      : users_(users), service_(std::move(service)), secret_(std::move(secret)), clock_(clock) {}

  /// Fails with `unavailable`, or with what users says of the secret.
  pkg::errors::Result<std::string> token();

 private:
  const pkg::grpc::Client users_;
  const std::string service_;
  const pkg::config::Secret secret_;
  const pkg::clock::Clock& clock_;
  std::mutex mutex_;
  std::string token_;
  pkg::clock::TimePoint renew_at_ = pkg::clock::TimePoint::min();
};

}  // namespace notifications::adapters::grpc
