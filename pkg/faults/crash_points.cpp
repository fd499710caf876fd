#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pkg/faults/crash_point.hpp"
#include "pkg/faults/plan.hpp"

namespace pkg::faults {
namespace {

/// What the environment of this process says, read at the first point.
class Orders {
 public:
  static Orders& of_process() {
    static Orders orders;
    return orders;
  }
  void announce(const std::string& what) const {
    if (log_ >= 0) note("is there " + what + "\n");
  }
  void pass(const std::string& point) {
    const auto fatal = plan_.passes(point);
    if (log_ >= 0) note(fatal ? "died at " + point + "|" + std::to_string(*fatal) + "\n" : "passed " + point + "\n");
    if (fatal) raise(SIGKILL);
  }

 private:
  Orders() : plan_(fatal_of_process()) {
    if (const char* path = std::getenv("MALL_CRASH_LOG")) log_ = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  }
  static std::vector<Fatal> fatal_of_process() {
    const char* given = std::getenv("MALL_CRASH_AT");
    if (given == nullptr) return {};
    const std::string text = given;
    if (!text.starts_with('@')) return {must_read(text)};
    std::vector<Fatal> fatal;
    std::ifstream file(text.substr(1));
    for (std::string line; std::getline(file, line);) fatal.push_back(must_read(line));
    return fatal;
  }
  static Fatal must_read(const std::string& text) {
    auto fatal = read_fatal(text);
    if (fatal) return *std::move(fatal);
    std::fprintf(stderr, "MALL_CRASH_AT says '%s'; it has to be 'point|about|pass', like 'unit.committed|call CheckOutBasket|1'\n",
                 text.c_str());
    std::exit(2);
  }
  // One write for a line: lines of several threads and processes do not mix.
  void note(const std::string& line) const {
    if (write(log_, line.data(), line.size()) < 0) std::perror("MALL_CRASH_LOG");
  }

  Plan plan_;
  int log_ = -1;
};

// A thread has no other owner for this than itself.
thread_local std::set<std::string> current;

}  // namespace

void crash_point(std::string_view name, std::string_view about) { Orders::of_process().pass(std::string(name) + "|" + std::string(about)); }

void announce(std::string_view kind, std::string_view name) { Orders::of_process().announce(std::string(kind) + " " + std::string(name)); }

void crash_point(std::string_view name) {
  if (current.empty()) crash_point(name, {});
  for (const auto& about : current) crash_point(name, about);
}

Scope::Scope(Names names) : outer_(std::exchange(current, std::move(names))) {}
Scope::~Scope() { current = outer_; }

}  // namespace pkg::faults
