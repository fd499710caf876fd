#include "mallctl/audit/subscribers.hpp"

#include <memory>
#include <vector>

#include "baskets/internal/agent/agent.hpp"
#include "cosec/internal/agent/agent.hpp"
#include "depot/internal/agent/agent.hpp"
#include "notifications/internal/agent/agent.hpp"
#include "ordering/internal/agent/agent.hpp"
#include "payments/internal/agent/agent.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/log/stream_output.hpp"
#include "pkg/messaging/memory/memory_broker.hpp"
#include "search/internal/agent/agent.hpp"
#include "stores/internal/agent/agent.hpp"
#include "users/internal/agent/agent.hpp"

namespace mallctl::audit {

Subscribers ask_services() {
  std::vector<std::unique_ptr<pkg::agent::Blueprint>> blueprints;
  blueprints.push_back(users::agent::blueprint());
  blueprints.push_back(stores::agent::blueprint());
  blueprints.push_back(baskets::agent::blueprint());
  blueprints.push_back(ordering::agent::blueprint());
  blueprints.push_back(depot::agent::blueprint());
  blueprints.push_back(payments::agent::blueprint());
  blueprints.push_back(notifications::agent::blueprint());
  blueprints.push_back(search::agent::blueprint());
  blueprints.push_back(cosec::agent::blueprint());

  const pkg::clock::SystemClock clock;
  pkg::ids::TimeOrderedIds ids(clock);
  const auto log = pkg::log::stream_output({.descriptor = 2, .format = pkg::log::Format::text});
  // An event server of their own: the real one must not hear of us.
  const pkg::agent::Process process{clock, ids, *log, [] { return std::make_unique<pkg::messaging::MemoryBroker>(); }};
  Subscribers subscribers;
  for (const auto& blueprint : blueprints) subscribers[std::string(blueprint->service())] = blueprint->build(process)->subscriptions();
  return subscribers;
}

}  // namespace mallctl::audit
