#include "tests/chaos/schedule.hpp"

#include <algorithm>
#include <charconv>
#include <random>
#include <stdexcept>
#include <utility>

namespace mall::chaos {
namespace {

using std::chrono::milliseconds;

/// The standard's distributions may differ between libraries; this does not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : numbers_(seed) {}
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(numbers_() % static_cast<std::uint64_t>(most - least + 1));
  }
  const std::string& one_of(const std::vector<std::string>& words) {
    return words[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(words.size()) - 1))];
  }

 private:
  std::mt19937_64 numbers_;
};

void aim(Fault& fault, Dice& dice, const Targets& targets) {
  switch (fault.kind) {
    case FaultKind::kill: fault.target = dice.one_of(targets.services); break;
    case FaultKind::backend:
      fault.target = dice.one_of(targets.services);
      fault.number = static_cast<std::uint32_t>(dice.between(0, 1000));
      break;
    case FaultKind::postgres:
    case FaultKind::nats:
    case FaultKind::wipe: break;
    case FaultKind::pause:
      fault.target = dice.one_of(targets.services);
      fault.length = milliseconds{dice.between(100, 4000)};
      break;
    case FaultKind::cut:
      fault.target = dice.one_of(targets.routes);
      if (dice.between(0, 1) == 1) fault.length = milliseconds{dice.between(100, 2000)};
      break;
    case FaultKind::delay:
      fault.target = dice.one_of(targets.routes);
      fault.length = milliseconds{dice.between(500, 4000)};
      fault.number = static_cast<std::uint32_t>(dice.between(5, 300));
      break;
  }
}

}  // namespace

const std::vector<FaultKind>& all_kinds() {
  static const std::vector<FaultKind> kinds{FaultKind::kill, FaultKind::backend, FaultKind::postgres, FaultKind::nats,
                                            FaultKind::wipe, FaultKind::pause,   FaultKind::cut,      FaultKind::delay};
  return kinds;
}

std::string_view name_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::kill: return "kill";
    case FaultKind::backend: return "backend";
    case FaultKind::postgres: return "postgres";
    case FaultKind::nats: return "nats";
    case FaultKind::wipe: return "wipe";
    case FaultKind::pause: return "pause";
    case FaultKind::cut: return "cut";
    case FaultKind::delay: return "delay";
  }
  std::unreachable();
}

Mix read_mix(std::string_view text) {
  Mix mix;
  if (text == "none") return mix;
  while (!text.empty()) {
    const auto entry = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), entry.size() + 1));
    const auto equals = entry.find('=');
    const auto kind = std::ranges::find(all_kinds(), entry.substr(0, equals), name_of);
    int count = 0;
    const auto number = entry.substr(std::min(entry.size(), equals == std::string_view::npos ? equals : equals + 1));
    const auto read = std::from_chars(number.data(), number.data() + number.size(), count);
    if (kind == all_kinds().end() || number.empty() || read.ec != std::errc() || read.ptr != number.data() + number.size() || count < 0) {
      std::string known;
      for (const auto each : all_kinds()) known += (known.empty() ? "" : ", ") + std::string(name_of(each));
      throw std::invalid_argument("\"" + std::string(entry) + "\" is not KIND=COUNT; the kinds are " + known);
    }
    mix[*kind] += count;
  }
  return mix;
}

std::string show(const Mix& mix) {
  std::string text;
  for (const auto& [kind, count] : mix) text += (text.empty() ? "" : ",") + std::string(name_of(kind)) + "=" + std::to_string(count);
  return text.empty() ? "none" : text;
}

Mix usual_mix(int orders) {
  const auto part = [&](int of_ten_thousand) { return std::max(1, of_ten_thousand * orders / 10'000); };
  return {{FaultKind::kill, part(500)}, {FaultKind::backend, part(120)}, {FaultKind::postgres, part(24)}, {FaultKind::nats, part(30)},
          {FaultKind::wipe, part(12)},  {FaultKind::pause, part(80)},    {FaultKind::cut, part(100)},     {FaultKind::delay, part(60)}};
}

std::vector<Fault> make_schedule(std::uint64_t seed, const Mix& mix, milliseconds length, const Targets& targets) {
  Dice dice(seed);
  std::vector<Fault> faults;
  // Not before there is a load to hit.
  const std::int64_t first = std::min<std::int64_t>(2000, length.count() / 10);
  for (const auto& [kind, count] : mix) {
    for (int i = 0; i < count; ++i) {
      Fault fault{.kind = kind, .at = milliseconds{dice.between(first, length.count())}};
      aim(fault, dice, targets);
      faults.push_back(std::move(fault));
    }
  }
  std::ranges::stable_sort(faults, {}, &Fault::at);
  return faults;
}

std::string to_json(const Fault& fault) {
  std::string text = R"({"at":)" + std::to_string(fault.at.count()) + R"(,"kind":")" + std::string(name_of(fault.kind)) + '"';
  if (!fault.target.empty()) text += R"(,"target":")" + fault.target + '"';
  if (fault.length.count() > 0) text += R"(,"length":)" + std::to_string(fault.length.count());
  if (fault.kind == FaultKind::delay) text += R"(,"delay":)" + std::to_string(fault.number);
  return text + '}';
}

}  // namespace mall::chaos
