#pragma once
// What the tests of this folder share.

#include <string>

#include "pkg/postgres/pool.hpp"

namespace pkg::postgres::testing {

/// Quiet: faults are what these tests make.
inline PoolOptions options_for(const std::string& connection_string, std::size_t connections = 4) {
  PoolOptions options;
  options.connection.connection_string = connection_string;
  options.connection.application_name = "pkg_postgres_test";
  options.max_connections = connections;
  options.log = {};
  return options;
}

}  // namespace pkg::postgres::testing
