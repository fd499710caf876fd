#pragma once
// What a supervisor hands to a process and hears from it, by systemd's conventions: sd_listen_fds(3) and sd_notify(3). systemd is not
// needed for them.

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "pkg/errors/error.hpp"

namespace pkg::agent {

/// Descriptors of sockets that listen already, by the service they are for. Whoever opened them may have passed them to another process
/// too.
using PassedSockets = std::map<std::string, int, std::less<>>;

/// How sockets are passed: the variables' values, empty where they are not set.
struct Passing {
  std::string_view count;  ///< LISTEN_FDS: so many, from descriptor 3 on
  std::string_view pid;    ///< LISTEN_PID: the process that they are for
  std::string_view names;  ///< LISTEN_FDNAMES: the services, with colons between them; a single socket of a single service needs no name
};

/// Nothing where the sockets are for another process. Fails with `malformed` where it cannot be said what is for whom.
errors::Result<PassedSockets> read_passing(const Passing& passing, int process, std::span<const std::string> services);

/// What was passed to this process. The variables are removed, and the descriptors closed at an exec, so that no child takes them for its
/// own. Before there are threads.
errors::Result<PassedSockets> take_passed_sockets(std::span<const std::string> services);

/// Says a word, "READY" or "STOPPING", to the socket named by NOTIFY_SOCKET, with the process's id. No effect without that variable, or
/// where nobody listens there: it is the supervisor's to miss a word.
void notify_supervisor(std::string_view word);

}  // namespace pkg::agent
