#include "notifications/internal/agent/agent.hpp"
#include "pkg/agent/run.hpp"

int main(int argc, char** argv) {
  std::vector<std::unique_ptr<pkg::agent::Blueprint>> services;
  services.push_back(notifications::agent::blueprint());
  return pkg::agent::run(argc, argv, std::move(services));
}
