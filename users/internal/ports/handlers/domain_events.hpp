#pragma once

#include "pkg/messaging/publisher.hpp"
#include "users/internal/app/ports.hpp"

namespace users::ports {

/// Tells the other services, through the outbox, what becomes of an account. A password's change is nobody else's affair.
class PublishedUserNews final : public app::UserNews {
 public:
  explicit PublishedUserNews(pkg::messaging::Publisher& publisher) : publisher_(publisher) {}

  void tell(pkg::uow::UnitOfWork& unit, const domain::UserId& id, const app::LoadedUser& after,
            std::span<const domain::UserEvent> events) override;

 private:
  pkg::messaging::Publisher& publisher_;
};

}  // namespace users::ports
