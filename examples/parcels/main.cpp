// Puts the parts together and runs them.

#include "pkg/agent/blueprint.hpp"
#include "pkg/agent/host.hpp"
#include "pkg/agent/run.hpp"
#include "pkg/es_pg/migrations.hpp"
#include "pkg/es_pg/pg_event_store.hpp"
#include "ports.hpp"

namespace parcels {

// Files that are part of the program; see mall_embed() in CMakeLists.txt.
std::span<const pkg::embed::EmbeddedFile> migration_files();
std::span<const pkg::embed::EmbeddedFile> descriptor_files();
std::span<const pkg::embed::EmbeddedFile> default_settings();

namespace {

/// Settings of one's own would be further members, declared the same way.
struct Settings {
  pkg::agent::Settings common;
  void declare(pkg::config::Spec& spec) { common.declare(spec); }
};

pkg::agent::HostSpec host_spec() {
  pkg::agent::HostSpec spec;
  spec.service = "parcels";
  spec.title = "Parcels";
  spec.migrations = {{"es", pkg::es_pg::migration_files()}, {"parcels", migration_files()}};
  spec.channels = {std::string(carrier_scans)};
  spec.descriptors = descriptor_files();
  return spec;
}

/// Members stand in the order of their dependence and go in reverse.
class ParcelsAgent final : public pkg::agent::Agent {
 public:
  ParcelsAgent(const pkg::agent::Process& process, const Settings& settings) : host_(process, settings.common, host_spec()) {
    handle_messages(host_.handlers(), use_cases_);
    host_.serve(parcels_service(use_cases_, host_.ids()));
  }
  pkg::agent::Ports ports() const override { return host_.ports(); }
  pkg::agent::Subscriptions subscriptions() const override { return host_.subscriptions(); }
  Result<> start(std::stop_token stop) override { return host_.start(stop); }
  void stop(std::chrono::steady_clock::time_point deadline) override { host_.stop(deadline); }

 private:
  pkg::agent::Host host_;
  pkg::es_pg::PgEventStore<Parcel> parcels_{parcel_codec(), host_.clock()};
  PgWhereabouts whereabouts_;
  PublishedNews news_{host_.publisher()};
  UseCases use_cases_{{host_.transactor(), parcels_, whereabouts_, news_}};
};

}  // namespace
}  // namespace parcels

int main(int argc, char** argv) {
  std::vector<std::unique_ptr<pkg::agent::Blueprint>> services;
  services.push_back(pkg::agent::blueprint<parcels::ParcelsAgent, parcels::Settings>("parcels", parcels::default_settings().front().bytes));
  return pkg::agent::run(argc, argv, std::move(services));
}
