#include "pkg/postgres/shared_reads.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "pkg/postgres/pool.hpp"

namespace pkg::postgres {
namespace {

bool is_same(const Command& one, const Command& other) {
  const auto are_same = [](const Param& a, const Param& b) { return a.oid == b.oid && a.bytes == b.bytes; };
  return one.sql == other.sql && std::ranges::equal(*one.params, *other.params, are_same);
}

}  // namespace

SharedReads::SharedReads(Pool& pool, Options options)
    : pool_(pool), gathering_({.most = options.most, .at_once = options.at_once, .patience = options.patience}) {}

std::optional<Rows> SharedReads::ask(const Command& question, const std::function<void()>& alone) {
  Member member(question);
  const auto together = [this](std::span<Gathering::Member* const> group) { return ask_together(group); };
  if (!gathering_.go(member, together, alone)) return std::nullopt;
  return std::move(member.answer);
}

Gathering::Fate SharedReads::ask_together(std::span<Gathering::Member* const> group) {
  auto lease = pool_.acquire();
  if (!lease) return Gathering::Fate::to_go_alone;
  std::vector<Command> questions;
  std::vector<std::size_t> places;  // of each member's among them
  for (auto* each : group) {
    const auto& question = static_cast<Member&>(*each).question;
    const auto same = std::ranges::find_if(questions, [&](const Command& other) { return is_same(question, other); });
    places.push_back(static_cast<std::size_t>(same - questions.begin()));
    if (same == questions.end()) questions.push_back(question);
  }
  const Exchange exchange = lease->exchange(questions);
  if (exchange.fault) return Gathering::Fate::to_go_alone;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const Rows& answer = exchange.results[places[i]];
    static_cast<Member&>(*group[i]).answer = answer.part(0, answer.size());
  }
  return Gathering::Fate::decided;
}

}  // namespace pkg::postgres
