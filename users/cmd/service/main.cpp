#include "pkg/agent/run.hpp"
#include "users/internal/agent/agent.hpp"

int main(int argc, char** argv) {
  std::vector<std::unique_ptr<pkg::agent::Blueprint>> services;
  services.push_back(users::agent::blueprint());
  return pkg::agent::run(argc, argv, std::move(services));
}
