#pragma once

#include <cstdint>

namespace pkg::testing {

/// A port of the loopback interface that nothing listens on now. It lies below those that the kernel gives to outgoing connections
/// (/proc/sys/net/ipv4/ip_local_port_range), so a server that is stopped finds it free again at its next start.
std::uint16_t free_port();

}  // namespace pkg::testing
