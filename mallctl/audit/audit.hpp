#pragma once
// An audit: looks at the mall by rules, and looks again at what does not fit until it is sure.

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "mallctl/audit/databases.hpp"
#include "mallctl/audit/finding.hpp"
#include "mallctl/audit/rules.hpp"
#include "mallctl/audit/subscribers.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"

namespace mallctl::audit {

struct Request {
  std::vector<const Rule*> rules;
  Limits limits;
  std::chrono::milliseconds look_again{2'000};  ///< after how long
};

struct Outcome {
  const Rule* rule = nullptr;
  std::uint64_t checked = 0;
  std::uint64_t under_way = 0;
  std::vector<Finding> findings;
};

/// What it works with; `note` is told what a person waits for.
struct Means {
  Databases& databases;
  const Subscribers& subscribers;
  const pkg::clock::Clock& clock;
  std::function<void(std::chrono::milliseconds)> pause;
  std::function<void(const std::string&)> note;
};

/// One outcome for each rule, in their order. What does not fit at the first look is a finding if it is just the same at the next ones: one
/// more where nothing under way can explain it, else for as long as something may be under way. Fails where a database cannot be read.
pkg::errors::Result<std::vector<Outcome>> audit(const Request& request, const Means& means);

bool is_clean(const std::vector<Outcome>& outcomes);

}  // namespace mallctl::audit
