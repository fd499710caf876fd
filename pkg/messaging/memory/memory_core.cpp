#include "pkg/messaging/memory/memory_core.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "pkg/messaging/names.hpp"

namespace pkg::messaging {

void MemoryCore::stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(is_stopping_, true)) return;
  }
  wake_.notify_all();
  thread_.join();
}

void MemoryCore::publish(const Message& message, Broker::Published published) {
  auto headers = encode_headers(message);
  const std::scoped_lock lock(mutex_);
  PublishResult result = std::unexpected(PublishFailure::unconfirmed);
  if (is_available_) result = store(message, std::move(headers));
  tasks_.emplace_back([published = std::move(published), result] { published(result); });
  wake_.notify_all();
}

std::shared_ptr<MemoryCore::Member> MemoryCore::join(SubscribeTo what, Broker::OnDelivery on_delivery) {
  const auto member = std::make_shared<Member>();
  member->what = std::move(what);
  member->on_delivery = std::move(on_delivery);
  const std::scoped_lock lock(mutex_);
  member->number = ++last_member_;
  members_.push_back(member);
  wake_.notify_all();
  return member;
}

void MemoryCore::leave(const std::shared_ptr<Member>& member) {
  {
    const std::scoped_lock lock(mutex_);
    std::erase(members_, member);
    log_.let_go(member->number, now());
    wake_.notify_all();
  }
  const std::scoped_lock gate(member->gate);
  member->is_over = true;
}

void MemoryCore::for_each_tag(std::span<const std::uint64_t> tags, const ChangeOfTag& change) {
  const std::scoped_lock lock(mutex_);
  if (!is_available_) return;
  for (const std::uint64_t tag : tags) change(log_, tag, now());
  wake_.notify_all();
}

errors::Result<StreamState> MemoryCore::state() const {
  const std::scoped_lock lock(mutex_);
  return look();
}

errors::Result<Positions> MemoryCore::positions(std::span<const std::string> channels) const {
  const std::scoped_lock lock(mutex_);
  auto stream = look();
  if (!stream) return errors::pass_on(stream);
  return Positions{*std::move(stream), log_.positions(channels)};
}

/// Under the lock.
errors::Result<StreamState> MemoryCore::look() const {
  if (!is_available_) return errors::fail(errors::ErrorKind::unavailable, "broker_away", "The event server is away.");
  return StreamState{"memory-" + std::to_string(generation_), log_.last_sequence()};
}

bool MemoryCore::is_available() const {
  const std::scoped_lock lock(mutex_);
  return is_available_;
}

void MemoryCore::add_listener(Broker::OnConnection listener) {
  const std::scoped_lock lock(mutex_);
  listeners_.push_back(std::move(listener));
}

void MemoryCore::set_available(bool available) {
  const std::scoped_lock lock(mutex_);
  change_availability(available);
}

void MemoryCore::wipe() {
  const std::scoped_lock lock(mutex_);
  change_availability(false);
  log_.forget();
  ++generation_;
  change_availability(true);
}

void MemoryCore::lose_next(std::size_t count) {
  const std::scoped_lock lock(mutex_);
  to_lose_ = count;
}

void MemoryCore::refuse_next(std::size_t count) {
  const std::scoped_lock lock(mutex_);
  to_refuse_ = count;
}

void MemoryCore::store_raw(std::string_view channel, std::vector<Header> headers, std::string payload) {
  const std::scoped_lock lock(mutex_);
  log_.append(std::string(channel), "", std::move(headers), std::move(payload));
  wake_.notify_all();
}

std::vector<Message> MemoryCore::stored(std::string_view channel) const {
  const std::scoped_lock lock(mutex_);
  std::vector<Message> messages;
  const auto* records = log_.records(channel);
  if (records == nullptr) return messages;
  for (const Record& record : *records) {
    if (auto message = decode_message(channel, record.headers, record.payload)) messages.push_back(*std::move(message));
  }
  return messages;
}

PublishResult MemoryCore::store(const Message& message, std::expected<std::vector<Header>, std::string> headers) {
  if (!headers || !is_channel_name(message.channel)) return std::unexpected(PublishFailure::refused);
  std::size_t bytes = message.payload.size();
  for (const auto& [name, value] : *headers) bytes += name.size() + value.size();
  if (bytes > options_.max_message_bytes) return std::unexpected(PublishFailure::refused);
  if (to_refuse_ > 0) {
    --to_refuse_;
    return std::unexpected(PublishFailure::refused);
  }
  const auto [sequence, duplicate] = log_.append(message.channel, message.id, *std::move(headers), message.payload);
  if (to_lose_ > 0) {
    --to_lose_;
    return std::unexpected(PublishFailure::unconfirmed);
  }
  return Stored{sequence, duplicate};
}

void MemoryCore::change_availability(bool available) {
  if (is_available_ == available) return;
  is_available_ = available;
  for (const auto& listener : listeners_) tasks_.emplace_back([listener, available] { listener(available); });
  wake_.notify_all();
}

std::optional<MemoryCore::Next> MemoryCore::next_delivery() {
  if (!is_available_) return std::nullopt;
  for (const auto& member : members_) {
    const bool window_is_open = log_.held_by(member->number) < member->what.window;
    for (const std::string& channel : member->what.channels) {
      const auto taken = take_wanted(*member, channel, window_is_open);
      if (!taken) continue;
      Delivery delivery{
          .message = {}, .undecodable = {}, .raw = {}, .tag = taken->tag, .attempt = taken->attempt, .sequence = taken->record->sequence};
      auto message = decode_message(channel, taken->record->headers, taken->record->payload);
      if (message) {
        delivery.message = *std::move(message);
      } else {
        delivery.message.channel = channel;
        delivery.undecodable = std::move(message.error());
        delivery.raw = raw_text(taken->record->headers, taken->record->payload);
      }
      return Next{member, std::move(delivery)};
    }
  }
  return std::nullopt;
}

/// The next message that the member wants.
std::optional<MemoryLog::Taken> MemoryCore::take_wanted(const Member& member, const std::string& channel, bool window_is_open) {
  while (auto taken = log_.take(member.what.group, channel, member.number, window_is_open, now(), member.what.ack_wait)) {
    const auto type = type_in(taken->record->headers);
    if (!type || wants(member.what, *type)) return taken;
    log_.acknowledge(taken->tag);
  }
  return std::nullopt;
}

void MemoryCore::run() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_ || !tasks_.empty()) {
    if (!tasks_.empty()) {
      auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
      task = nullptr;  // what it holds may end here, and may call us
      lock.lock();
    } else if (auto next = next_delivery()) {
      std::rotate(members_.begin(), members_.begin() + 1, members_.end());
      lock.unlock();
      deliver(*std::move(next));
      lock.lock();
    } else {
      wait(lock);
    }
  }
}

void MemoryCore::deliver(Next next) {
  const std::scoped_lock gate(next.member->gate);
  if (!next.member->is_over) next.member->on_delivery(std::move(next.delivery));
}

void MemoryCore::wait(std::unique_lock<std::mutex>& lock) {
  const auto due = log_.next_due(now());
  if (!due || options_.clock != nullptr || members_.empty() || !is_available_) {
    wake_.wait(lock);
  } else {
    wake_.wait_for(lock, std::max<clock::Duration>(*due - now(), std::chrono::milliseconds{1}));
  }
}

}  // namespace pkg::messaging
