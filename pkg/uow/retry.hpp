#pragma once
// How every Transactor runs its work, and tries again.

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "pkg/errors/error.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::uow {

/// Runs `attempt` until it gives anything but `contended`, at most Transactor::max_attempts times. Rivals that clashed once would
/// clash again in step, so each waits for a random moment first: up to 1 ms, doubling to at most 64 ms.
template <class Attempt>
errors::Result<> retry_contended(Attempt attempt) {
  for (int made = 1;; ++made) {
    errors::Result<> done = attempt();
    if (done || done.error().kind != errors::ErrorKind::contended || made == Transactor::max_attempts) return done;
    const int limit_us = 1000 << std::min(made - 1, 6);
    std::this_thread::sleep_for(std::chrono::microseconds{std::random_device{}() % static_cast<unsigned>(limit_us)});
  }
}

/// The work and the commit of one unit, and again from a savepoint where a part fails that the unit goes on without.
template <class Unit>
errors::Result<> carry_out(Unit& unit, const Transactor::Work& work) {
  for (;;) {
    errors::Result<> done = work(unit);
    if (done) done = unit.commit();
    if (done || !unit.goes_on_after(done.error())) return done;
  }
}

}  // namespace pkg::uow
