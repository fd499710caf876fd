#include "depot/internal/agent/settings.hpp"

namespace depot::agent {

using namespace std::chrono_literals;

void Settings::declare(pkg::config::Spec& spec) {
  common.declare(spec);
  spec.text("STORES_GRPC_ADDRESS", stores_address, "where stores serves gRPC, asked for the places of stores that no event has told of yet")
      .shared();
  spec.flag("ROBOTS", robots, "whether simulated robots complete the lists; else people do");
  spec.duration("PICK_TIME_PER_ITEM", pick_time_per_item, "how long a simulated robot takes to pick one piece").between(0ms, 1h);
  spec.number("INITIAL_BOTS", initial_bots, "how many bots are registered at the start where there are none").between(0, 1000);
  spec.duration("SWEEP_INTERVAL", sweep_interval,
                "how often bots and lists are looked at where nothing happens; a replica's work is found so")
      .between(100ms, 1h);
}

}  // namespace depot::agent
