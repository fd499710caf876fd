#pragma once
// A mall with an order of each kind, and for each rule of the auditor a damage that it must see: by SQL, in copies of the databases.

#include <map>
#include <string>
#include <vector>

#include "tests/mall/auditor.hpp"
#include "tests/mall/running_mall.hpp"

namespace mall::testing {

/// What there is to damage, by the names that damages use: "{completed}" is the id of the completed order.
using Things = std::map<std::string, std::string>;

struct Damage {
  struct Statement {
    std::string service;
    std::string sql;
  };
  std::string rule;  ///< that must report it, and no other
  std::vector<Statement> statements;
  /// The subject names this; empty: what the last statement gives in its first column.
  std::string names = {};
};

const std::vector<Damage>& damages();

/// Copies of the databases that are damaged; gone with the object. The services must not run.
class DamagedMall {
 public:
  DamagedMall(const RunningMall& mall, const Things& things, const Damage& damage);
  ~DamagedMall();
  DamagedMall(const DamagedMall&) = delete;
  DamagedMall& operator=(const DamagedMall&) = delete;

  const Databases& databases() const { return databases_; }
  /// What the finding has to name.
  const std::string& name() const { return name_; }

 private:
  const RunningMall& mall_;
  std::vector<std::string> copies_;
  Databases databases_;
  std::string name_;
};

}  // namespace mall::testing
