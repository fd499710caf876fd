#pragma once
// The suite's files register their tests when they are linked; naming them here pulls them out of the static library.

namespace pkg::messaging::testing {

void link_delivery_conformance();
void link_disturbance_conformance();

}  // namespace pkg::messaging::testing
