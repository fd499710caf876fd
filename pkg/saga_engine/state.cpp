#include "pkg/saga_engine/state.hpp"

#include <initializer_list>

namespace pkg::saga {
namespace {

template <class E>
std::optional<E> find_word(std::string_view wanted, std::initializer_list<E> all) {
  for (const E value : all) {
    if (word(value) == wanted) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view word(Status status) {
  switch (status) {
    case Status::not_started: return "not_started";
    case Status::running: return "running";
    case Status::compensating: return "compensating";
    case Status::canceling: return "canceling";
    case Status::completed: return "completed";
    case Status::compensated: return "compensated";
    case Status::canceled: return "canceled";
  }
  return "";
}

std::string_view word(Direction direction) {
  switch (direction) {
    case Direction::forward: return "forward";
    case Direction::compensation: return "compensation";
  }
  return "";
}

std::string_view word(Progress progress) {
  switch (progress) {
    case Progress::pending: return "pending";
    case Progress::sent: return "sent";
    case Progress::done: return "done";
    case Progress::failed: return "failed";
    case Progress::unknown: return "unknown";
    case Progress::undone: return "undone";
  }
  return "";
}

std::optional<Status> status_of(std::string_view text) {
  return find_word(text, {Status::not_started, Status::running, Status::compensating, Status::canceling, Status::completed,
                          Status::compensated, Status::canceled});
}

std::optional<Direction> direction_of(std::string_view text) { return find_word(text, {Direction::forward, Direction::compensation}); }

std::optional<Progress> progress_of(std::string_view text) {
  return find_word(text, {Progress::pending, Progress::sent, Progress::done, Progress::failed, Progress::unknown, Progress::undone});
}

}  // namespace pkg::saga
