#include "pkg/saga_engine/memory_saga_store.hpp"

#include "pkg/saga_engine/testing/saga_store_contract.hpp"

namespace pkg::saga::testing {
namespace {

class InMemory final : public StoreUnderTest {
 public:
  SagaStore& store() override { return store_; }
  uow::Transactor& transactor() override { return transactor_; }

 private:
  uow::MemoryTransactor transactor_;
  MemorySagaStore store_;
};

struct Memory {
  static std::unique_ptr<StoreUnderTest> make() { return std::make_unique<InMemory>(); }
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, SagaStoreContract, ::testing::Types<Memory>);

}  // namespace
}  // namespace pkg::saga::testing
