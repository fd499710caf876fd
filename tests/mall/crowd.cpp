#include "tests/mall/crowd.hpp"

#include <google/protobuf/util/time_util.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

namespace mall::testing {

using std::chrono::microseconds;

void on_threads(std::size_t threads, std::size_t size, const std::function<void(std::size_t)>& act) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      for (auto each = next++; each < size; each = next++) act(each);
    });
  }
}

void all_at_once(std::size_t size, const std::function<void(std::size_t)>& act) {
  std::barrier start(static_cast<std::ptrdiff_t>(size));
  std::vector<std::jthread> people;
  for (std::size_t i = 0; i < size; ++i) {
    people.emplace_back([&, i] {
      start.arrive_and_wait();
      act(i);
    });
  }
}

std::vector<Visitor> a_crowd(const RunningMall& mall, std::size_t size) {
  std::vector<Visitor> crowd(size, mall.visitor());
  // Fewer at a time than users lets wait for the hashing of their passwords.
  on_threads(6, size, [&](std::size_t i) { crowd[i].register_as("sam"); });
  return crowd;
}

microseconds quantile(std::vector<microseconds> values, double share) {
  std::ranges::sort(values);
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values.at(std::max<std::size_t>(rank, 1) - 1);
}

microseconds time_to_approval(const Visitor& shopper, const std::string& order, std::chrono::system_clock::time_point since) {
  const auto began = std::chrono::duration_cast<microseconds>(since.time_since_epoch());
  const auto seen = shopper.see<Order>("/orders/" + order);
  for (const auto& entry : seen.history()) {
    if (entry.status() == Order::APPROVED)
      return microseconds(google::protobuf::util::TimeUtil::TimestampToMicroseconds(entry.at())) - began;
  }
  ADD_FAILURE() << order << " was never approved";
  return microseconds::max();
}

Memory memory_of(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  Memory memory;
  for (std::string word; status >> word;) {
    if (word == "VmRSS:") status >> memory.resident;
    if (word == "VmHWM:") status >> memory.peak;
  }
  EXPECT_GT(memory.resident, 0u) << "no process " << process;
  return memory;
}

void forget_peak(pid_t process) {
  std::ofstream file("/proc/" + std::to_string(process) + "/clear_refs");
  file << "5";
  file.flush();
  EXPECT_TRUE(file) << "the peak of the memory cannot be forgotten";
}

std::chrono::nanoseconds cpu_time_of(pid_t process) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

MemoryWatch::MemoryWatch(RunningMall& mall) : mall_(mall) {
  for (const auto& service : mall.running()) {
    const auto process = mall.process(service).pid();
    forget_peak(process);
    before_[service] = memory_of(process).resident;
  }
}

std::size_t MemoryWatch::growth_of(const std::string& service, std::size_t before) const {
  constexpr std::size_t kib_per_mib = 1024;
  const auto peak = memory_of(mall_.process(service).pid()).peak;
  return peak <= before ? 0 : (peak - before) / kib_per_mib;
}

void MemoryWatch::expect_growth_below(std::size_t mib) const {
  if (is_sanitized) return;
  for (const auto& [service, before] : before_) EXPECT_LT(growth_of(service, before), mib) << service;
}

std::string MemoryWatch::growth() const {
  std::string all;
  for (const auto& [service, before] : before_)
    all += (all.empty() ? "" : ", ") + service + " " + std::to_string(growth_of(service, before));
  return all;
}

}  // namespace mall::testing
