#pragma once
// Which faults hit when: all of it follows from the seed.

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mall::chaos {

enum class FaultKind : std::uint8_t {
  kill,      ///< SIGKILL of a service, started again at once
  backend,   ///< one session of a service's database is ended
  postgres,  ///< SIGKILL of PostgreSQL with all its processes, started again
  nats,      ///< SIGKILL of nats-server, started again
  wipe,      ///< the same, and its storage is deleted before it starts
  pause,     ///< SIGSTOP of a service for a while
  cut,       ///< connections of one route are reset, at times with new ones for a while
  delay,     ///< what passes on one route is slow for a while
};

std::string_view name_of(FaultKind kind);
const std::vector<FaultKind>& all_kinds();

/// How many of each kind.
using Mix = std::map<FaultKind, int>;

/// "kill=500,wipe=11"; "none". Throws std::invalid_argument with a word for people.
Mix read_mix(std::string_view text);
std::string show(const Mix& mix);
/// What a run of so many orders gets where nobody said otherwise: for ten thousand 500 kills, 12 wipes and 400 others.
Mix usual_mix(int orders);

struct Fault {
  FaultKind kind = FaultKind::kill;
  std::chrono::milliseconds at{0};      ///< after the load has begun; not before that part of the orders has begun too
  std::string target = {};              ///< a service or a route; empty where there is only one
  std::chrono::milliseconds length{0};  ///< how long it stays broken; 0: for a moment
  std::uint32_t number = 0;             ///< picks a session; milliseconds of a delay
};

/// Targets of the kinds that hit a service, and of those that hit a route.
struct Targets {
  std::vector<std::string> services;
  std::vector<std::string> routes;
};

std::vector<Fault> make_schedule(std::uint64_t seed, const Mix& mix, std::chrono::milliseconds length, const Targets& targets);

std::string to_json(const Fault& fault);

}  // namespace mall::chaos
