#include "pkg/es/memory_event_store.hpp"

#include "pkg/es/testing/event_store_contract.hpp"

namespace pkg::es::testing {
namespace {

class MemoryStores {
 public:
  uow::Transactor& transactor() { return transactor_; }
  EventStore<Tally>& store() { return store_; }

 private:
  uow::MemoryTransactor transactor_;
  MemoryEventStore<Tally> store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EventStoreContract, MemoryStores);

}  // namespace
}  // namespace pkg::es::testing
