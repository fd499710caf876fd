#include "stores/internal/agent/settings.hpp"

namespace stores::agent {

void Settings::declare(pkg::config::Spec& spec) { common.declare(spec); }

}  // namespace stores::agent
