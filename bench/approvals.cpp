#include "bench/approvals.hpp"

#include <string_view>
#include <utility>

#include "tests/mall/overheard.hpp"

namespace mall::bench {
namespace {

constexpr const char* orders = "mallbots.ordering.events.Order.*";

}  // namespace

Approvals::Approvals(const std::string& url) : connection_(connect_nats(url)), subscription_(nullptr, &natsSubscription_Destroy) {
  natsSubscription* made = nullptr;
  check(natsConnection_Subscribe(&made, connection_.get(), orders, &Approvals::on_message, this), "hear of orders");
  subscription_.reset(made);
  check(natsConnection_Flush(connection_.get()), "hear of orders");
}

Approvals::~Approvals() {
  // Comes back when no more callback runs.
  natsConnection_Close(connection_.get());
  natsSubscription_Destroy(subscription_.release());
}

void Approvals::expect(const std::string& order, Clock::time_point since, std::function<void()> decided) {
  const std::scoped_lock lock(mutex_);
  waiting_.emplace(order, Waiting{since, std::move(decided)});
}

Times Approvals::take_times() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(times_, {});
}

std::size_t Approvals::open() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.size();
}

void Approvals::forget_open() {
  const std::scoped_lock lock(mutex_);
  waiting_.clear();
}

void Approvals::on_message(natsConnection*, natsSubscription*, natsMsg* message, void* self) {
  const NatsMessage owned(message, &natsMsg_Destroy);
  for (auto& [headers, payload] : testing::messages_in(message)) {
    static_cast<Approvals*>(self)->heard(headers["ce-type"], headers["ce-partitionkey"]);
  }
}

void Approvals::heard(const std::string& type, const std::string& order) {
  const auto now = Clock::now();
  const bool approved = type.ends_with(".OrderApproved");
  const bool failed = type.ends_with(".OrderRejected") || type.ends_with(".OrderCanceled");
  if (type.ends_with(".OrderCompleted")) ++completed_;
  if (!approved && !failed) return;
  ++(approved ? approved_ : failed_);
  const std::scoped_lock lock(mutex_);
  const auto found = waiting_.find(order);
  if (found == waiting_.end()) return;
  if (approved) times_.push_back(now - found->second.since);
  if (found->second.decided) found->second.decided();
  waiting_.erase(found);
}

}  // namespace mall::bench
