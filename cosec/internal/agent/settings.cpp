#include "cosec/internal/agent/settings.hpp"

namespace cosec::agent {

using namespace std::chrono_literals;

void Settings::declare(pkg::config::Spec& spec) {
  common.declare(spec);
  spec.duration("STEP_WAIT", step_wait, "how long a step's answer is waited for at the first try; doubled at each further one")
      .between(50ms, 1h);
  spec.duration("STEP_WAIT_MOST", step_wait_most, "the longest such wait, at least STEP_WAIT").between(50ms, 24h);
  spec.number("STEP_TRIES", step_tries, "how often a step's command is sent before the saga is undone").between(1, 1000);
  spec.duration("COMPENSATION_WAIT", compensation_wait, "the same for compensations, which are tried for ever").between(50ms, 1h);
  spec.duration("COMPENSATION_WAIT_MOST", compensation_wait_most, "the longest such wait, at least COMPENSATION_WAIT").between(50ms, 24h);
  spec.number("ALERT_AFTER", alert_after, "after how many tries without effect the saga raises its alert").between(1, 1000);
  spec.duration("SAGAS_KEPT", sagas_kept, "how long ended sagas and their histories are kept").between(1s, 24h * 3650);
  spec.duration("HOUSEKEEPING_INTERVAL", housekeeping_interval, "how often old sagas are removed and raised alerts counted")
      .between(50ms, 24h);
}

}  // namespace cosec::agent
