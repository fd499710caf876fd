#include "pkg/agent/host_options.hpp"

#include "pkg/messaging/nats/nats_broker.hpp"

namespace pkg::agent {
namespace {

/// How long the process before may go on to commit what only the sweep finds: until its last connection is closed.
constexpr std::chrono::seconds time_of_change{5};

}  // namespace

postgres::PoolOptions pool_options(const Settings& settings, const HostSpec& spec, const log::Logger& log) {
  postgres::PoolOptions options;
  options.connection.connection_string = settings.database_url.reveal();
  options.connection.application_name = spec.service;
  options.max_connections = settings.database_connections;
  options.log = [log](const postgres::Fault& fault, std::string_view sql) {
    log.warn("the database failed", postgres::to_error(fault), {{"sqlstate", fault.sqlstate}, {"message", fault.message}, {"sql", sql}});
  };
  return options;
}

std::unique_ptr<messaging::Broker> create_broker(const Settings& settings, const HostSpec& spec, const log::Logger& log) {
  messaging::NatsOptions options;
  options.url = settings.nats_url;
  options.name = spec.service;
  options.stream = settings.stream;
  options.max_age = std::chrono::duration_cast<std::chrono::seconds>(settings.stream_max_age);
  options.subjects = settings.stream;
  options.report = [log](std::string_view what) { log.warn("the event server", {{"what", what}}); };
  return messaging::create_nats_broker(std::move(options));
}

messaging_pg::PgMessagingOptions messaging_options(const Settings& settings, const HostSpec& spec) {
  messaging_pg::PgMessagingOptions options;
  options.pump.consumer.subscription.group = spec.service;
  options.pump.consumer.subscription.channels = spec.channels;
  options.pump.consumer.lanes = settings.lanes;
  options.relay.brisk_time = time_of_change;
  return options;
}

}  // namespace pkg::agent
