#pragma once
// Which statements a connection has prepared, by text and parameter types; bounded, the least recently used leaves first.

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pkg/postgres/params.hpp"

namespace pkg::postgres {

struct PreparedStatement {
  std::string key;
  std::string name;
  std::string sql;
  bool is_prepared = false;  ///< the server has it, or PREPARE is on its way
};

class StatementCache {
 public:
  explicit StatementCache(std::size_t capacity) : capacity_(capacity) {}

  /// The statement, made if it is new. Valid until forget() or trim().
  PreparedStatement& find(std::string_view sql, const Params* params);

  /// What the server refused, or never came to see.
  void forget(PreparedStatement& statement);

  /// Shrinks to the capacity; what was cut is in discarded() until the server is rid of it, too. Not while an exchange is under way:
  /// it may use them.
  void trim();
  std::vector<std::string>& discarded() { return discarded_; }

 private:
  using Order = std::list<PreparedStatement>;

  std::size_t capacity_;
  Order order_;  // most recently used first
  std::unordered_map<std::string_view, Order::iterator> by_key_;
  std::vector<std::string> discarded_;
  std::string key_;  // reused, so that a look-up allocates nothing
  std::uint64_t made_ = 0;
};

}  // namespace pkg::postgres
