#include "pkg/postgres/statement_cache.hpp"

namespace pkg::postgres {

PreparedStatement& StatementCache::find(std::string_view sql, const Params* params) {
  key_.assign(sql);
  key_.push_back('\0');
  if (params != nullptr) {
    for (const Param& param : *params) key_.append(reinterpret_cast<const char*>(&param.oid), sizeof param.oid);
  }
  if (const auto found = by_key_.find(key_); found != by_key_.end()) {
    order_.splice(order_.begin(), order_, found->second);
    return *found->second;
  }
  order_.push_front({key_, "s" + std::to_string(++made_), std::string(sql), false});
  by_key_.emplace(order_.front().key, order_.begin());
  return order_.front();
}

void StatementCache::forget(PreparedStatement& statement) {
  const auto found = by_key_.find(statement.key);
  const auto place = found->second;
  by_key_.erase(found);
  order_.erase(place);
}

void StatementCache::trim() {
  while (order_.size() > capacity_) {
    if (order_.back().is_prepared) discarded_.push_back(order_.back().name);
    by_key_.erase(order_.back().key);
    order_.pop_back();
  }
}

}  // namespace pkg::postgres
