#pragma once

namespace pkg::agent {

/// Gives back what only a start needed: free heap, and the pages of code and constants of this process, which the kernel maps again, from
/// memory, as they are used. Most of a program's pages are its libraries' preparations. Does nothing under a debugger, whose breakpoints it
/// would lose.
void give_back_start_up_memory();

}  // namespace pkg::agent
