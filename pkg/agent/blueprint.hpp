#pragma once

#include <memory>
#include <string_view>

#include "pkg/agent/agent.hpp"
#include "pkg/agent/settings.hpp"

namespace pkg::agent {

/// The blueprint of a service whose settings are S (a default-constructible struct with a `common` member of type Settings and
/// `declare(Spec&)`) and whose agent is made as A(const Process&, const S&).
template <class A, class S>
std::unique_ptr<Blueprint> blueprint(std::string_view service, std::string_view defaults) {
  class Made final : public Blueprint {
   public:
    Made(std::string_view service, std::string_view defaults) : service_(service), defaults_(defaults) {}
    std::string_view service() const override { return service_; }
    std::string_view defaults() const override { return defaults_; }
    void declare(config::Spec& spec) override { settings_.declare(spec); }
    std::unique_ptr<Agent> build(const Process& process) override { return std::make_unique<A>(process, settings_); }
    std::chrono::milliseconds stop_within() const override { return settings_.common.stop_within; }
    log::Format log_format() const override { return settings_.common.format(); }

   private:
    const std::string_view service_;
    const std::string_view defaults_;
    S settings_;
  };
  return std::make_unique<Made>(service, defaults);
}

}  // namespace pkg::agent
