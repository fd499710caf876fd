#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace pkg::agent {

/// Does `work(i)` for each i below `count`, so many at a time, this thread being one of those that work; returns when all are done. `task`
/// is the Ticker's for whom it is done. An exception ends the process, as one of a task does.
void at_once(std::size_t threads, std::size_t count, std::string_view task, const std::function<void(std::size_t)>& work);

}  // namespace pkg::agent
