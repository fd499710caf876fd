#pragma once
// Internal to pkg/agent: what a service's settings mean to the parts of its host.

#include <memory>

#include "pkg/agent/host.hpp"

namespace pkg::agent {

postgres::PoolOptions pool_options(const Settings& settings, const HostSpec& spec, const log::Logger& log);
std::unique_ptr<messaging::Broker> create_broker(const Settings& settings, const HostSpec& spec, const log::Logger& log);
messaging_pg::PgMessagingOptions messaging_options(const Settings& settings, const HostSpec& spec);

}  // namespace pkg::agent
