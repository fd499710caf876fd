#include "bench/hops.hpp"

#include <limits>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "tests/chaos/http.hpp"

namespace mall::bench {
namespace {

using namespace std::chrono_literals;

/// The text between the quotes behind `name="`.
std::string label(const std::string& line, std::string_view name) {
  const auto key = std::string(name) + "=\"";
  const auto at = line.find(key);
  if (at == std::string::npos) return {};
  const auto begin = at + key.size();
  return line.substr(begin, line.find('"', begin) - begin);
}

}  // namespace

double Histogram::quantile(double share) const {
  const auto wanted = share * count();
  double from = 0, below = 0;
  for (const auto& [limit, number] : up_to) {
    if (number >= wanted && number > below) {
      if (limit == std::numeric_limits<double>::infinity()) return from;
      return from + (limit - from) * (wanted - below) / (number - below);
    }
    from = limit;
    below = number;
  }
  return from;
}

Histogram operator-(const Histogram& after, const Histogram& before) {
  Histogram difference{after.up_to, after.sum - before.sum};
  for (const auto& [limit, number] : before.up_to) difference.up_to[limit] -= number;
  return difference;
}

Hops operator-(const Hops& after, const Hops& before) {
  Hops difference;
  for (const auto& [name, histogram] : after) {
    const auto found = before.find(name);
    difference[name] = found == before.end() ? histogram : histogram - found->second;
  }
  return difference;
}

void add_hops(const std::string& exposition, Hops& into) {
  std::istringstream lines(exposition);
  for (std::string line; std::getline(lines, line);) {
    const bool of_batch = line.starts_with("mallbots_batch_messages_");
    if (!of_batch && !line.starts_with("mallbots_hop_seconds_")) continue;
    auto& histogram = into[of_batch ? "batch" : label(line, "hop")];
    const auto value = std::stod(line.substr(line.rfind(' ')));
    const auto name = line.substr(0, line.find('{'));
    if (name.ends_with("_sum")) histogram.sum += value;
    if (!name.ends_with("_bucket")) continue;
    const auto limit = label(line, "le");
    histogram.up_to[limit == "+Inf" ? std::numeric_limits<double>::infinity() : std::stod(limit)] += value;
  }
}

double figure_in(const std::string& exposition, std::string_view name) {
  std::istringstream lines(exposition);
  for (std::string line; std::getline(lines, line);) {
    if (line.substr(0, line.find_first_of("{ ")) == name) return std::stod(line.substr(line.rfind(' ')));
  }
  throw std::runtime_error("the metrics do not say " + std::string(name));
}

std::string read_metrics(const testing::RunningMall& mall, const std::string& service) {
  const auto reply = chaos::Http(mall.http_port(service)).ask("GET", "/metrics", {}, {}, 5s);
  if (reply.status != 200) throw std::runtime_error(service + " does not show its metrics: " + std::to_string(reply.status));
  return reply.body;
}

Hops read_hops(const testing::RunningMall& mall) {
  Hops hops;
  for (const auto& service : mall.running()) add_hops(read_metrics(mall, service), hops);
  return hops;
}

}  // namespace mall::bench
