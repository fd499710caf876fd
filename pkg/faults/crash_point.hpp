#pragma once
// Places at which a process can be made to die, to prove that dying there loses nothing. In builds without MALL_CRASH_POINTS (CMake), which
// is what is delivered, all of this is empty.

#include <set>
#include <string>
#include <string_view>

namespace pkg::faults {

#ifdef MALL_CRASH_POINTS

/// Passes the point: does nothing, or kills the process with SIGKILL where the environment says so (see README.md). Safe to call from any
/// thread. `name` is "<part>.<what has just happened>", `about` what it happened to.
void crash_point(std::string_view name, std::string_view about);

/// The same about what this thread is at, about each where that is several things at once.
void crash_point(std::string_view name);

/// For the dry run's list: this is there, so points about it are to be reached.
void announce(std::string_view kind, std::string_view name);

/// What this thread is at while it lives: "call" and the call's name, "message" and its type. The innermost counts.
class Scope {
 public:
  Scope(std::string_view kind, std::string_view name) : Scope({std::string(kind) + " " + std::string(name)}) {}
  /// At several things, named by what `name_of` gives for each.
  template <class Range, class NameOf>
  Scope(std::string_view kind, const Range& things, NameOf name_of) : Scope(names(kind, things, name_of)) {}
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  using Names = std::set<std::string>;
  template <class Range, class NameOf>
  static Names names(std::string_view kind, const Range& things, NameOf name_of) {
    Names all;
    for (const auto& thing : things) all.insert(std::string(kind) + " " + std::string(name_of(thing)));
    return all;
  }
  explicit Scope(Names names);
  const Names outer_;
};

#else

inline void crash_point(std::string_view, std::string_view) {}
inline void crash_point(std::string_view) {}
inline void announce(std::string_view, std::string_view) {}

class Scope {
 public:
  Scope(std::string_view, std::string_view) {}
  template <class Range, class NameOf>
  Scope(std::string_view, const Range&, NameOf) {}
  ~Scope() {}  // not trivial, so that a scope that only lives is no unused variable
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
};

#endif

}  // namespace pkg::faults
