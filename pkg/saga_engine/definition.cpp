#include "pkg/saga_engine/definition.hpp"

#include <algorithm>
#include <set>

namespace pkg::saga {
namespace {

std::unexpected<errors::Error> bad(const Definition& definition, const std::string& why) {
  return errors::fail(errors::ErrorKind::internal, "bad_saga_definition",
                      "The saga definition '" + definition.name + "' is wrong: " + why + ".");
}

bool can_wait(const Patience& patience) { return patience.first > clock::Duration::zero() && patience.most >= patience.first; }

}  // namespace

clock::Duration wait_after(const Patience& patience, std::uint32_t attempt) {
  clock::Duration wait = patience.first;
  for (std::uint32_t n = 1; n < attempt && wait < patience.most; ++n) wait *= 2;
  return std::min(wait, patience.most);
}

errors::Result<> check(const Definition& definition) {
  if (definition.name.empty()) return bad(definition, "it has no name");
  if (definition.version == 0) return bad(definition, "versions start at 1");
  if (definition.steps.empty()) return bad(definition, "it has no steps");
  std::set<std::string_view> names;
  for (const auto& step : definition.steps) {
    if (step.name.empty()) return bad(definition, "a step has no name");
    if (!names.insert(step.name).second) return bad(definition, "the step " + step.name + " is there twice");
    if (!step.command && !step.compensation) return bad(definition, "the step " + step.name + " does nothing");
    if (!can_wait(step.patience) || !can_wait(step.undo_patience))
      return bad(definition, "the step " + step.name + " leaves no time for a reply");
  }
  return {};
}

errors::Result<Definitions> Definitions::make(std::vector<Definition> versions) {
  if (versions.empty()) return bad({}, "there is none");
  std::ranges::sort(versions, {}, &Definition::version);
  for (const auto& definition : versions) {
    if (auto good = check(definition); !good) return errors::pass_on(good);
    if (definition.name != versions.front().name) return bad(definition, "its other versions are called " + versions.front().name);
  }
  const auto same_version = [](const Definition& a, const Definition& b) { return a.version == b.version; };
  if (std::ranges::adjacent_find(versions, same_version) != versions.end()) return bad(versions.front(), "a version is there twice");
  return Definitions{std::move(versions)};
}

const Definition* Definitions::find(std::uint32_t version) const {
  const auto found = std::ranges::find(versions_, version, &Definition::version);
  return found == versions_.end() ? nullptr : &*found;
}

}  // namespace pkg::saga
