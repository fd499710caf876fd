#include "pkg/agent/crew.hpp"

#include <algorithm>

#include "pkg/faults/crash_point.hpp"

namespace pkg::agent {

Crew::~Crew() {
  {
    const std::scoped_lock lock(mutex_);
    is_over_ = true;
  }
  called_.notify_all();
}

void Crew::do_each(std::size_t count, const std::function<void(std::size_t)>& work) {
  const std::size_t wanted = std::min(threads_, count) - (count > 0 ? 1 : 0);
  while (helpers_.size() < wanted) helpers_.emplace_back([this] { help(); });
  {
    const std::scoped_lock lock(mutex_);
    work_ = &work;
    count_ = count;
    next_ = 0;
    places_ = wanted;
  }
  for (std::size_t i = 0; i < wanted; ++i) called_.notify_one();
  take_one_after_the_other();
  std::unique_lock lock(mutex_);
  places_ = 0;  // who has not come yet comes too late
  done_.wait(lock, [this] { return helping_ == 0; });
}

void Crew::help() {
  std::unique_lock lock(mutex_);
  while (true) {
    called_.wait(lock, [this] { return places_ > 0 || is_over_; });
    if (is_over_) return;
    --places_;
    ++helping_;
    lock.unlock();
    take_one_after_the_other();
    lock.lock();
    if (--helping_ == 0) done_.notify_one();
  }
}

void Crew::take_one_after_the_other() noexcept {
  const faults::Scope scope("task", task_);
  for (std::size_t i = next_++; i < count_; i = next_++) (*work_)(i);
}

}  // namespace pkg::agent
