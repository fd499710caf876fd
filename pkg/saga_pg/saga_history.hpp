#pragma once
// What happened to a saga, as its row and rows of saga_history keep it. Internal to pkg/saga_pg.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/saga_engine/state.hpp"

namespace pkg::saga_pg {

/// A line and the version of the saga that it led to.
struct Told {
  std::int64_t version = 0;
  saga::HistoryEntry entry;
};

/// Whether a transition's text goes to the saga's row. An order's way there and back is some 13 transitions of 90 bytes. A row is written
/// anew at every step, and beyond 2 kB compressed or taken apart for that too: so what goes on for long, as what is tried for ever does, or
/// says much goes to saga_history, where a transition costs a row of its own however many there are.
bool fits_in_row(std::uint64_t version, std::string_view text);

/// What a transition did as it is put in front of sagas.history (the migration says how it looks).
std::string history_text(std::uint64_t version, std::span<const saga::HistoryEntry> lines);
/// Appends what history_text() wrote; what is no whole line is left out.
void read_history_text(std::string_view text, std::vector<Told>& told);

/// Further lines of a row of saga_history, five texts each, as PostgreSQL writes an array of texts.
std::string further_lines(std::span<const saga::HistoryEntry> lines);
/// Appends what further_lines() wrote; what is no whole line is left out.
void read_further_lines(std::int64_t version, std::span<const std::string> texts, std::vector<Told>& told);

}  // namespace pkg::saga_pg
