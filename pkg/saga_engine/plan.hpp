#pragma once
// What operators want to know of a saga: what is done, what comes next, what would be undone.

#include <optional>
#include <string>
#include <vector>

#include "pkg/saga_engine/definition.hpp"
#include "pkg/saga_engine/state.hpp"

namespace pkg::saga {

struct Plan {
  struct Now {
    std::string step;
    Direction direction = Direction::forward;
    std::uint32_t attempt = 0;
  };

  std::vector<std::string> done;        ///< steps that are done and not undone, in their order
  std::optional<Now> now;               ///< the command that is out; nothing after the end
  std::vector<std::string> next;        ///< steps still to be done if all goes well, in their order; empty once it goes backwards
  std::vector<std::string> would_undo;  ///< while running: what would be undone, in that order, if the command that is out had no answer;
                                        ///< while going backwards: what is still to be undone, the command that is out included
};

/// `state` must be one of the definition's.
Plan plan(const Definition& definition, const State& state);

}  // namespace pkg::saga
