#include "pkg/messaging/nats/nats_broker.hpp"

#include <algorithm>
#include <utility>

#include "pkg/messaging/cloud_event.hpp"
#include "pkg/messaging/header_text.hpp"
#include "pkg/messaging/names.hpp"
#include "pkg/messaging/nats/broker_thread.hpp"
#include "pkg/messaging/nats/bundle.hpp"

namespace pkg::messaging {
namespace nats {
namespace {

class NatsSubscription final : public Subscription {
 public:
  explicit NatsSubscription(std::shared_ptr<Consumer> consumer) : consumer_(std::move(consumer)) {}
  NatsSubscription(const NatsSubscription&) = delete;
  NatsSubscription& operator=(const NatsSubscription&) = delete;
  ~NatsSubscription() override { consumer_->end(); }

  void acknowledge(std::span<const std::uint64_t> tags) override { consumer_->acknowledge(tags); }
  void in_progress(std::span<const std::uint64_t> tags) override { consumer_->in_progress(tags); }
  void release(std::span<const std::uint64_t> tags, std::chrono::milliseconds delay) override { consumer_->release(tags, delay); }

 private:
  std::shared_ptr<Consumer> consumer_;  // shared with the broker's thread
};

/// Of what the server takes so much is left for a bundle's own headers and sizes.
constexpr std::size_t around_bundle = 512;

}  // namespace

/// What this thread publishes goes when it ends.
class NatsBroker::Gathering {
 public:
  Gathering(NatsBroker& broker, const Link& link)
      : broker_(broker),
        link_(link),
        bundler_(std::min(largest_bundle, link.connection->max_payload() - std::min(link.connection->max_payload(), around_bundle))),
        outer_(std::exchange(innermost_, this)) {}
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;
  ~Gathering() {
    innermost_ = outer_;
    link_.connection->gather([&] {
      for (auto& record : bundler_.take()) broker_.send(link_, std::move(record));
    });
  }

  /// This thread's for the broker; null where there is none.
  static Bundler* of(const NatsBroker& broker) {
    return innermost_ != nullptr && &innermost_->broker_ == &broker ? &innermost_->bundler_ : nullptr;
  }

 private:
  NatsBroker& broker_;
  const Link& link_;
  Bundler bundler_;
  Gathering* const outer_;
  static thread_local Gathering* innermost_;
};
thread_local NatsBroker::Gathering* NatsBroker::Gathering::innermost_ = nullptr;

NatsBroker::NatsBroker(NatsOptions options)
    : options_(std::make_shared<const NatsOptions>(std::move(options))), thread_([this] { run(); }) {}

NatsBroker::~NatsBroker() {
  wake(is_stopping_);
  requests_.close();
  thread_.join();
}

void NatsBroker::publish(const Message& message, Published published) {
  if (!is_channel_name(message.channel) || !message.channel.starts_with(options_->subjects + ".")) {
    return refuse(message.id, message.channel, "the stream has no such channel", published);
  }
  auto headers = encode_header_lines(message);
  if (!headers) return refuse(message.id, message.channel, headers.error(), published);
  const auto link = ready_link();
  if (link == nullptr || link->connection->is_full()) return published(std::unexpected(PublishFailure::unconfirmed));
  auto subject = message_subject(message.channel, message.type);
  Bundler alone;
  Bundler* const gathered = Gathering::of(*this);
  (gathered != nullptr ? *gathered : alone).add(message, std::move(subject), *std::move(headers), std::move(published));
  if (gathered == nullptr) send(*link, std::move(alone.take().front()));
}

void NatsBroker::gather(const std::function<void()>& publishing) {
  const auto link = ready_link();
  if (link == nullptr || Gathering::of(*this) != nullptr) return publishing();
  const Gathering gathering(*this, *link);
  publishing();
}

void NatsBroker::send(const Link& link, Record record) {
  const bool is_bundle = record.published.size() > 1;
  Published published = std::move(record.published.front());
  if (is_bundle) {
    record.published.front() = std::move(published);
    published = [each = std::move(record.published)](const PublishResult& result) {
      for (const auto& one : each) one(result);
    };
  }
  const auto token = confirmations_.add(std::move(published), std::chrono::steady_clock::now() + options_->publish_timeout);
  const auto sent =
      link.connection->send(record.subject, link.inbox_name + ".p" + std::to_string(token), record.header_lines, record.payload);
  if (sent == Sent::sent) return watch_deadlines();
  const auto taken_back = confirmations_.take(token);
  if (taken_back == nullptr) return;  // the own thread saw the connection break and has answered
  if (sent == Sent::too_large && !is_bundle) {
    return refuse(record.id, record.subject, "it is larger than the server takes", taken_back);
  }
  taken_back(std::unexpected(PublishFailure::unconfirmed));
}

std::unique_ptr<Subscription> NatsBroker::subscribe(SubscribeTo what, OnDelivery on_delivery) {
  require_names(what);
  auto consumer = std::make_shared<Consumer>(options_, std::move(what), std::move(on_delivery), [this] { wake(has_consumers_to_resume_); });
  {
    const std::scoped_lock lock(mutex_);
    consumers_.push_back(consumer);
  }
  wake(has_consumers_to_resume_);
  return std::make_unique<NatsSubscription>(std::move(consumer));
}

bool NatsBroker::is_connected() const { return ready_link() != nullptr; }

void NatsBroker::on_connection(OnConnection listener) {
  const std::scoped_lock lock(mutex_);
  listeners_.push_back(std::move(listener));
}

std::shared_ptr<const NatsBroker::Link> NatsBroker::ready_link() const {
  const std::scoped_lock lock(mutex_);
  return ready_link_;
}

std::optional<std::string> NatsBroker::ask(const Link& link, const std::string& subject, const std::string& body) {
  return requests_.ask(*link.connection, link.inbox_name + ".a", subject, {}, body, options_->request_timeout);
}

void NatsBroker::refuse(std::string_view id, std::string_view to, std::string_view why, const Published& published) const {
  report("message " + printable(id) + " to " + printable(to) + " is refused: " + std::string(why));
  published(std::unexpected(PublishFailure::refused));
}

void NatsBroker::on_answer(const Incoming& incoming, std::size_t prefix_size) {
  // "<inbox>." and then "p", "a" or "s" and the token
  if (incoming.subject.size() < prefix_size + 2) return;
  const char kind = incoming.subject[prefix_size];
  const auto token = parse_number(incoming.subject.substr(prefix_size + 1));
  if (kind == 's' && token) return requests_.answer(*token, incoming.payload);
  if (incoming.nobody_listens) {  // no stream takes some subject, or the server has no JetStream
    wake(is_stream_in_doubt_);
    requests_.give_up();
    for (const auto& published : confirmations_.take_all()) published(std::unexpected(PublishFailure::unconfirmed));
    return;
  }
  if (!token) return;
  if (kind == 'a') return requests_.answer(*token, incoming.payload);
  const auto published = confirmations_.take(*token);
  if (published == nullptr) return;
  gather([&] { published(read_publish_answer(incoming.payload)); });  // what waited for this may go together
}

void NatsBroker::wake(bool& flag) {
  {
    const std::scoped_lock lock(mutex_);
    flag = true;
  }
  wake_.notify_all();
}

/// Wakes the own thread only where it sleeps without a deadline: at most once per publish_timeout, not once per publish.
void NatsBroker::watch_deadlines() {
  if (is_watching_.exchange(true)) return;
  {
    const std::scoped_lock lock(mutex_);
  }
  wake_.notify_all();
}

void NatsBroker::report(std::string_view sentence) const {
  if (options_->report) options_->report(sentence);
}

}  // namespace nats

std::unique_ptr<Broker> create_nats_broker(NatsOptions options) { return std::make_unique<nats::NatsBroker>(std::move(options)); }

}  // namespace pkg::messaging
