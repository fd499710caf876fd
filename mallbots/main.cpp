// The whole mall in one process: the same agents as the programs of the services. Under the name of a service it is that one alone.

#include "baskets/internal/agent/agent.hpp"
#include "cosec/internal/agent/agent.hpp"
#include "depot/internal/agent/agent.hpp"
#include "notifications/internal/agent/agent.hpp"
#include "ordering/internal/agent/agent.hpp"
#include "payments/internal/agent/agent.hpp"
#include "pkg/agent/named.hpp"
#include "pkg/agent/run.hpp"
#include "search/internal/agent/agent.hpp"
#include "stores/internal/agent/agent.hpp"
#include "users/internal/agent/agent.hpp"

int main(int argc, char** argv) {
  std::vector<std::unique_ptr<pkg::agent::Blueprint>> services;
  services.push_back(users::agent::blueprint());
  services.push_back(stores::agent::blueprint());
  services.push_back(baskets::agent::blueprint());
  services.push_back(ordering::agent::blueprint());
  services.push_back(depot::agent::blueprint());
  services.push_back(payments::agent::blueprint());
  services.push_back(notifications::agent::blueprint());
  services.push_back(search::agent::blueprint());
  services.push_back(cosec::agent::blueprint());
  return pkg::agent::run(argc, argv, pkg::agent::named(argv[0], std::move(services)));
}
