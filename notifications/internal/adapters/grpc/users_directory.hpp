#pragma once

#include "notifications/internal/app/ports.hpp"
#include "pkg/grpc/client.hpp"

namespace notifications::adapters::grpc {

/// Asks the users service for a person.
class UsersDirectory final : public app::UserDirectory {
 public:
  /// The channel outlives this. `token` is this service's own.
  UsersDirectory(const pkg::grpc::Channel& users, pkg::grpc::TokenSource token) : users_(users, std::move(token)) {}

  pkg::errors::Result<std::optional<app::PersonFact>> look_up(const pkg::uow::Cause& cause, const domain::UserId& user) override;

 private:
  pkg::grpc::Client users_;
};

}  // namespace notifications::adapters::grpc
