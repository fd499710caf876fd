#include "tests/chaos/plan.hpp"

#include <random>

namespace mall::chaos {
namespace {

struct Share {
  PlanKind kind;
  int of_hundred;
};
constexpr Share shares[] = {{PlanKind::plain, 40},        {PlanKind::scarce, 16},   {PlanKind::too_small, 5},
                            {PlanKind::used_payment, 5},  {PlanKind::declined, 4},  {PlanKind::flaky, 4},
                            {PlanKind::capture_fails, 3}, {PlanKind::canceled, 19}, {PlanKind::checkout_twice, 4}};

}  // namespace

std::string_view name_of(PlanKind kind) {
  switch (kind) {
    case PlanKind::plain: return "plain";
    case PlanKind::scarce: return "scarce";
    case PlanKind::too_small: return "too_small";
    case PlanKind::used_payment: return "used_payment";
    case PlanKind::declined: return "declined";
    case PlanKind::flaky: return "flaky";
    case PlanKind::capture_fails: return "capture_fails";
    case PlanKind::canceled: return "canceled";
    case PlanKind::checkout_twice: return "checkout_twice";
  }
  std::unreachable();
}

Plan make_plan(std::uint64_t seed, int number, std::size_t plentiful, std::size_t scarce) {
  std::seed_seq mixed{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), static_cast<std::uint32_t>(number)};
  std::mt19937_64 dice(mixed);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(dice() % limit); };
  Plan plan{.number = number};
  auto roll = static_cast<int>(below(100));
  for (const auto& share : shares) {
    plan.kind = share.kind;
    if ((roll -= share.of_hundred) < 0) break;
  }
  const auto first = below(plentiful);
  const auto lines = 1 + below(3);
  for (std::size_t i = 0; i < lines; ++i) plan.lines.emplace_back((first + i) % plentiful, static_cast<int>(1 + below(3)));
  if (plan.kind == PlanKind::scarce) plan.lines.emplace_back(plentiful + below(scarce), static_cast<int>(1 + below(2)));
  // Most are still on their way then, some are not there yet, some are picked already.
  plan.cancel_after = std::chrono::milliseconds{below(3) == 0 ? below(1000) : below(60)};
  return plan;
}

}  // namespace mall::chaos
