#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "pkg/saga_engine/state.hpp"

namespace pkg::saga {

/// The id of a saga's command: always the same for the same saga, step, direction and round, so that a command that is sent again is
/// the same message. In the shape of a version 7 UUID of the saga's start, which keeps the inboxes' index pages warm; the rest is
/// a hash, good against accidents and no secret.
std::string message_id(const State& saga, std::size_t step, Direction direction, std::uint32_t round);

}  // namespace pkg::saga
