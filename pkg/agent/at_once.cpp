#include "pkg/agent/at_once.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "pkg/faults/crash_point.hpp"

namespace pkg::agent {

void at_once(std::size_t threads, std::size_t count, std::string_view task, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto take_one_after_the_other = [&]() noexcept {
    const faults::Scope scope("task", task);
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(threads, count); ++i) others.emplace_back(take_one_after_the_other);
  take_one_after_the_other();
}

}  // namespace pkg::agent
