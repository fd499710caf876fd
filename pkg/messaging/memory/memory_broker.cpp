#include "pkg/messaging/memory/memory_broker.hpp"

#include <utility>

#include "pkg/messaging/memory/memory_core.hpp"
#include "pkg/messaging/names.hpp"

namespace pkg::messaging {

namespace {

class MemorySubscription final : public Subscription {
 public:
  MemorySubscription(std::shared_ptr<MemoryCore> core, SubscribeTo what, Broker::OnDelivery on_delivery)
      : core_(std::move(core)), member_(core_->join(std::move(what), std::move(on_delivery))) {}
  ~MemorySubscription() override { core_->leave(member_); }

  void acknowledge(std::span<const std::uint64_t> tags) override {
    core_->for_each_tag(tags, [](MemoryLog& log, std::uint64_t tag, clock::TimePoint) { log.acknowledge(tag); });
  }
  void in_progress(std::span<const std::uint64_t> tags) override {
    core_->for_each_tag(tags, [wait = member_->what.ack_wait](MemoryLog& log, std::uint64_t tag, clock::TimePoint now) {
      log.deliver_again_at(tag, now + wait);
    });
  }
  void release(std::span<const std::uint64_t> tags, std::chrono::milliseconds delay) override {
    core_->for_each_tag(tags, [delay](MemoryLog& log, std::uint64_t tag, clock::TimePoint now) { log.deliver_again_at(tag, now + delay); });
  }

 private:
  std::shared_ptr<MemoryCore> core_;      // shared with the broker
  std::shared_ptr<MemoryCore::Member> member_;  // shared with the broker's thread
};

}  // namespace

MemoryBroker::MemoryBroker(MemoryOptions options) : core_(std::make_shared<MemoryCore>(options)) {}
MemoryBroker::~MemoryBroker() { core_->stop(); }

void MemoryBroker::publish(const Message& message, Published published) { core_->publish(message, std::move(published)); }
std::unique_ptr<Subscription> MemoryBroker::subscribe(SubscribeTo what, OnDelivery on_delivery) {
  require_names(what);
  return std::make_unique<MemorySubscription>(core_, std::move(what), std::move(on_delivery));
}
errors::Result<StreamState> MemoryBroker::state() { return core_->state(); }
errors::Result<Positions> MemoryBroker::positions(std::span<const std::string> channels) { return core_->positions(channels); }
bool MemoryBroker::is_connected() const { return core_->is_available(); }
void MemoryBroker::on_connection(OnConnection listener) { core_->add_listener(std::move(listener)); }
void MemoryBroker::set_available(bool available) { core_->set_available(available); }
void MemoryBroker::wipe() { core_->wipe(); }
void MemoryBroker::lose_next_confirmations(std::size_t count) { core_->lose_next(count); }
void MemoryBroker::refuse_next(std::size_t count) { core_->refuse_next(count); }
void MemoryBroker::store_raw(std::string_view channel, std::vector<Header> headers, std::string payload) {
  core_->store_raw(channel, std::move(headers), std::move(payload));
}
std::vector<Message> MemoryBroker::stored(std::string_view channel) const { return core_->stored(channel); }
void MemoryBroker::look_at_clock() { core_->look_at_clock(); }

}  // namespace pkg::messaging
