#pragma once
// What can be set on one service. A struct's members are the settings and their initial values the defaults:
//
//   struct Settings {
//     std::uint16_t http_port = 8040;
//     std::chrono::milliseconds stop_within{10'000};
//     void declare(config::Spec& spec) {
//       spec.port("HTTP_PORT", http_port, "where REST, metrics and the probes are served");
//       spec.duration("STOP_WITHIN", stop_within, "how long shutdown may take").between(1s, 5min);
//     }
//   };
//
// The struct must stay where it is until read() (pkg/config/read.hpp) has filled it.

#include <chrono>
#include <concepts>
#include <cstdint>
#include <deque>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/config/secret.hpp"
#include "pkg/config/setting.hpp"

namespace pkg::config {

class Spec {
 public:
  /// `service` in lower case; its settings are named SERVICE_NAME. `defaults` is the text of its app.env.
  explicit Spec(std::string service, std::string defaults = {});
  Spec(const Spec&) = delete;
  Spec& operator=(const Spec&) = delete;

  Setting& text(std::string_view name, std::string& target, std::string_view summary);
  Setting& secret(std::string_view name, Secret& target, std::string_view summary);
  Setting& flag(std::string_view name, bool& target, std::string_view summary);
  Setting& port(std::string_view name, std::uint16_t& target, std::string_view summary);  ///< 0 = any free one
  Setting& url(std::string_view name, std::string& target, std::string_view summary);     ///< shown without its password
  Setting& list(std::string_view name, std::vector<std::string>& target, std::string_view summary);
  Setting& bytes(std::string_view name, std::uint64_t& target, std::string_view summary);
  Setting& duration(std::string_view name, std::chrono::milliseconds& target, std::string_view summary);

  /// Any integer type; its own range is the range unless between() narrows it.
  template <std::integral N>
    requires(!std::same_as<N, bool>)
  Setting& number(std::string_view name, N& target, std::string_view summary) {
    constexpr auto most = std::in_range<std::int64_t>(std::numeric_limits<N>::max())
                              ? static_cast<std::int64_t>(std::numeric_limits<N>::max())
                              : std::numeric_limits<std::int64_t>::max();
    return number(
        name, static_cast<std::int64_t>(std::numeric_limits<N>::min()), most, summary,
        [&target](std::int64_t value) { target = static_cast<N>(value); }, [&target] { return std::to_string(target); });
  }

  const std::string& service() const { return service_; }
  const std::string& prefix() const { return prefix_; }  ///< "BASKETS_"
  const std::string& defaults() const { return defaults_; }
  std::deque<Setting>& settings() { return settings_; }
  const std::deque<Setting>& settings() const { return settings_; }

 private:
  Setting& add(std::string_view name, std::string_view type, std::string_view summary, Setting::Assign assign, Setting::Show show);
  Setting& number(std::string_view name, std::int64_t least, std::int64_t most, std::string_view summary,
                  std::function<void(std::int64_t)> set, Setting::Show show);

  std::string service_;
  std::string prefix_;
  std::string defaults_;
  std::deque<Setting> settings_;  // a deque, because references to its elements are handed out
};

}  // namespace pkg::config
