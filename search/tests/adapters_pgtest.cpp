// The PostgreSQL adapter of the order history passes the contract that the fake passes.

#include "search/tests/pg_ports.hpp"
#include "search/tests/port_contracts.hpp"

namespace search::tests {
namespace {

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, PortContract, PgPorts);

}  // namespace
}  // namespace search::tests
