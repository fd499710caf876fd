#include "payments/internal/agent/settings.hpp"

namespace payments::agent {

using namespace std::chrono_literals;

void Settings::declare(pkg::config::Spec& spec) {
  common.declare(spec);
  spec.duration("AUTHORIZATION_LIFETIME", authorization_lifetime,
                "how long an authorized payment may wait for an order before it is released")
      .between(1s, 24h * 365);
  spec.duration("EXPIRY_INTERVAL", expiry_interval, "how often payments are looked through for expired ones").between(100ms, 24h);
  spec.duration("GATEWAY_INTERVAL", gateway_interval, "how often it is looked whether a crash has left something to ask the gateway")
      .between(100ms, 1h);
  spec.number("GATEWAY_AT_ONCE", gateway_at_once, "how many of those requests to the gateway are under way at the same time")
      .between(1, 64);
  spec.flag("AUTO_CAPTURE", auto_capture, "whether invoices are paid without the shopper as soon as they are made");
  spec.number("SANDBOX_FLAKY_FAILURES", sandbox_flaky_failures, "how often sandbox:flaky is unavailable before an operation succeeds")
      .between(0, 1000);
}

}  // namespace payments::agent
