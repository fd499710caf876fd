#include "pkg/auth/key_set.hpp"

namespace pkg::auth {
namespace {

/// Also true when the clock was set back, lest a fetch be put off for as long as that.
bool has_passed(clock::TimePoint since, clock::Duration span, clock::TimePoint now) {
  return since == clock::TimePoint::min() || now < since || now - since >= span;
}

}  // namespace

KeySet::KeySet(Fetch fetch, const clock::Clock& clock, Options options) : fetch_(std::move(fetch)), clock_(clock), options_(options) {}

KeySet::SharedKey KeySet::known(std::string_view kid) const {
  const std::scoped_lock lock(mutex_);
  const auto found = keys_.find(kid);
  return found == keys_.end() ? nullptr : found->second;
}

bool KeySet::is_due(clock::Duration since_success) const {
  const auto now = clock_.now();
  const std::scoped_lock lock(mutex_);
  return has_passed(last_success_, since_success, now) && has_passed(last_try_, options_.retry_after, now);
}

void KeySet::fetch_now() {
  const auto text = fetch_();
  auto fetched = text ? parse_jwks(*text) : errors::Result<std::vector<PublicKey>>(errors::pass_on(text));
  const auto now = clock_.now();
  const std::scoped_lock lock(mutex_);
  last_try_ = now;
  last_failed_ = !fetched;
  if (!fetched) return;
  last_success_ = now;
  keys_.clear();
  for (auto& key : *fetched) {
    auto kid = key.kid();
    keys_.emplace(std::move(kid), std::make_shared<const PublicKey>(std::move(key)));
  }
}

errors::Result<KeySet::SharedKey> KeySet::find(std::string_view kid) {
  if (auto key = known(kid)) {
    if (!is_due(options_.refresh_every)) return key;
    const std::unique_lock mine(fetching_, std::try_to_lock);
    if (!mine) return key;
    if (is_due(options_.refresh_every)) fetch_now();
    return known(kid);
  }
  // Those who come while another one fetches wait for its answer: their key may be in it.
  const std::scoped_lock mine(fetching_);
  if (auto key = known(kid)) return key;
  if (is_due(clock::Duration::zero())) fetch_now();
  if (auto key = known(kid)) return key;
  const std::scoped_lock lock(mutex_);
  if (last_failed_)
    return errors::fail(errors::ErrorKind::unavailable, "keys_unavailable", "the keys that tokens are verified with cannot be fetched now");
  return SharedKey();
}

}  // namespace pkg::auth
