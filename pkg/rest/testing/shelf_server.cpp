// Serves shelf.proto for trying things out by hand: shelf_server [PORT]. Ends with its standard input.

#include <cstdio>
#include <cstdlib>

#include "pkg/clock/clock.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/rest/openapi.hpp"
#include "pkg/rest/server.hpp"
#include "pkg/rest/swagger.hpp"
#include "pkg/rest/testing/shelf_service.hpp"

using namespace pkg;

int main(int argc, char** argv) {
  const clock::SystemClock clock;
  ids::TimeOrderedIds ids(clock);
  const rpc::Service service = rest::testing::shelf_service();
  rest::Site site({.services = {&service}, .authenticate = rest::testing::authenticate, .ids = ids});
  site.add_get("/liveness", [](const rest::Request&) { return rest::Response{.content_type = "text/plain", .body = "ok"}; });
  rest::add_openapi(site, {.title = "Shelves", .version = "1"}, rest::testing::shelf_descriptors().front().bytes);
  rest::add_swagger(site);
  rpc::Workers workers("workers", {.threads = 2, .queue_limit = 256});
  rest::Server server({.address = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0)}, site, workers);
  if (const auto started = server.start(); !started) {
    std::fprintf(stderr, "%s\n", started.error().detail.c_str());
    return 1;
  }
  std::printf("http://127.0.0.1:%d/swagger/\n", server.port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  server.stop(std::chrono::seconds(5));
  return 0;
}
