#pragma once

#include <cstdint>

namespace pkg::testing {

/// A port of the loopback interface that nothing listens on now, and that no other test program is given while this one runs. It lies below
/// those that the kernel gives to outgoing connections (/proc/sys/net/ipv4/ip_local_port_range), so a server that is stopped finds it free
/// again at its next start.
std::uint16_t free_port();

}  // namespace pkg::testing
