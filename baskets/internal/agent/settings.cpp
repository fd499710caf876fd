#include "baskets/internal/agent/settings.hpp"

namespace baskets::agent {

using namespace std::chrono_literals;

void Settings::declare(pkg::config::Spec& spec) {
  common.declare(spec);
  spec.text("STORES_GRPC_ADDRESS", stores_address, "where stores serves gRPC, asked for products that no event has told of yet").shared();
  spec.duration("LIFETIME", basket_lifetime, "how long an open basket may go untouched before it expires").between(1s, 24h * 365);
  spec.duration("EXPIRY_INTERVAL", expiry_interval, "how often baskets are looked through for expired ones").between(100ms, 24h);
}

}  // namespace baskets::agent
