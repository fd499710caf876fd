#include "pkg/agent/run.hpp"
#include "search/internal/agent/agent.hpp"

int main(int argc, char** argv) {
  std::vector<std::unique_ptr<pkg::agent::Blueprint>> services;
  services.push_back(search::agent::blueprint());
  return pkg::agent::run(argc, argv, std::move(services));
}
