#pragma once
// nginx in front of a running mall, with the configuration that it is delivered with.

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "pkg/testing/process.hpp"
#include "tests/mall/running_mall.hpp"

namespace mall::testing {

class Nginx {
 public:
  /// Answers when it returns. The mall outlives it.
  explicit Nginx(const RunningMall& mall);
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  std::uint16_t port() const { return port_; }
  /// Somebody who calls through it.
  Visitor visitor() const { return Visitor(ports_); }
  /// The same person, through it from now on.
  Visitor in_front_of(const Visitor& who) const;

  pkg::testing::Process& process() { return *process_; }
  /// What it has complained of.
  std::string errors() const;

 private:
  std::string configuration(const RunningMall& mall) const;

  const std::filesystem::path folder_;
  const std::uint16_t port_;
  HttpPorts ports_;  ///< its own, for every service
  std::unique_ptr<pkg::testing::Process> process_;
};

}  // namespace mall::testing
