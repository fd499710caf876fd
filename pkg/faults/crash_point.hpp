#pragma once
// Places at which a process can be made to die, to prove that dying there loses nothing. In builds without MALL_CRASH_POINTS (CMake), which
// is what is delivered, all of this is empty.

#include <string>
#include <string_view>

namespace pkg::faults {

#ifdef MALL_CRASH_POINTS

/// Passes the point: does nothing, or kills the process with SIGKILL where the environment says so (see README.md). Safe to call from any
/// thread. `name` is "<part>.<what has just happened>", `about` what it happened to.
void crash_point(std::string_view name, std::string_view about);

/// The same about what this thread is at.
void crash_point(std::string_view name);

/// For the dry run's list: this is there, so points about it are to be reached.
void announce(std::string_view kind, std::string_view name);

/// What this thread is at while it lives: "call" and the call's name, "message" and its type. The innermost counts.
class Scope {
 public:
  Scope(std::string_view kind, std::string_view name);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  const std::string outer_;
};

#else

inline void crash_point(std::string_view, std::string_view) {}
inline void crash_point(std::string_view) {}
inline void announce(std::string_view, std::string_view) {}

class Scope {
 public:
  Scope(std::string_view, std::string_view) {}
  ~Scope() {}  // not trivial, so that a scope that only lives is no unused variable
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
};

#endif

}  // namespace pkg::faults
