#include "pkg/auth/token_cache.hpp"

namespace pkg::auth {

std::optional<TokenCache::Verified> TokenCache::find(const Digest& token) {
  const std::scoped_lock lock(mutex_);
  const auto found = index_.find(token);
  if (found == index_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->second;
}

void TokenCache::put(const Digest& token, Verified verified) {
  if (capacity_ == 0) return;
  const std::scoped_lock lock(mutex_);
  if (index_.contains(token)) return;
  if (entries_.size() == capacity_) {
    index_.erase(entries_.back().first);
    entries_.pop_back();
  }
  entries_.emplace_front(token, std::move(verified));
  index_.emplace(token, entries_.begin());
}

void TokenCache::forget(const Digest& token) {
  const std::scoped_lock lock(mutex_);
  const auto found = index_.find(token);
  if (found == index_.end()) return;
  entries_.erase(found->second);
  index_.erase(found);
}

std::size_t TokenCache::size() const {
  const std::scoped_lock lock(mutex_);
  return entries_.size();
}

}  // namespace pkg::auth
