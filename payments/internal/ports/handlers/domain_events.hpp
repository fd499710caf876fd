#pragma once

#include "payments/internal/app/ports.hpp"
#include "pkg/messaging/publisher.hpp"

namespace payments::ports {

/// Tell the other services, through the outbox, what becomes of payments and invoices.
class PublishedPaymentNews final : public app::PaymentNews {
 public:
  explicit PublishedPaymentNews(pkg::messaging::Publisher& publisher) : publisher_(publisher) {}
  void tell(pkg::uow::UnitOfWork& unit, const domain::Payment& after, std::span<const domain::PaymentEvent> events) override;

 private:
  pkg::messaging::Publisher& publisher_;
};

class PublishedInvoiceNews final : public app::InvoiceNews {
 public:
  explicit PublishedInvoiceNews(pkg::messaging::Publisher& publisher) : publisher_(publisher) {}
  void tell(pkg::uow::UnitOfWork& unit, const domain::Invoice& after, std::span<const domain::InvoiceEvent> events) override;

 private:
  pkg::messaging::Publisher& publisher_;
};

}  // namespace payments::ports
