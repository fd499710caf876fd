#pragma once
// The nine databases, for reading only.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transaction.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace mallctl::audit {

/// In the order in which they are named to people.
const std::vector<std::string>& services();

/// Where each service's database is, the first that is there of: what was given by hand (service to connection string),
/// <SERVICE>_DATABASE_URL in the environment, and the settings of the mall that runs from $MALL_DIR (.mall). A service that is found
/// nowhere is left out.
std::map<std::string, std::string> find_databases(const std::map<std::string, std::string>& by_hand);

class Databases {
 public:
  explicit Databases(std::map<std::string, std::string> urls) : urls_(std::move(urls)) {}

  /// Reads in one transaction, and so at one moment; the server refuses to write in it. An error's detail is for people: it names the
  /// service and what its database said.
  pkg::errors::Result<> read(const std::string& service,
                             const std::function<pkg::errors::Result<>(pkg::uow::UnitOfWork&, pkg::postgres::Transaction&)>& work);

 private:
  std::map<std::string, std::string> urls_;
  std::map<std::string, std::unique_ptr<pkg::postgres::Pool>> pools_;
  std::string last_fault_;
};

}  // namespace mallctl::audit
