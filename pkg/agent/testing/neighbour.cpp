#include "pkg/agent/testing/neighbour.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>

#include "pkg/messaging/nats/nats_broker.hpp"
#include "pkg/saga/headers.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::agent::testing {
namespace {

std::unique_ptr<messaging::Broker> connect(const std::string& url, const std::string& stream) {
  messaging::NatsOptions options;
  options.url = url;
  options.name = "neighbour";
  options.stream = stream;
  options.subjects = stream;
  return messaging::create_nats_broker(std::move(options));
}

bool answers(const messaging::Message& message, const std::string& command_id) {
  const auto answered = message.headers.find(std::string(saga::header::command_id));
  return answered != message.headers.end() && answered->second == command_id;
}

}  // namespace

Neighbour::Neighbour(const std::string& nats_url, std::vector<std::string> hears, const std::string& stream)
    : broker_(connect(nats_url, stream)) {
  if (!hears.empty()) {
    auto subscription = broker_->subscribe({.group = "neighbour", .channels = std::move(hears)},
                                           [this](messaging::Delivery delivery) { take(std::move(delivery)); });
    const std::scoped_lock lock(mutex_);
    subscription_ = std::move(subscription);
    subscription_->acknowledge(taken_early_);
  }
  pkg::testing::wait_until([this] { return broker_->is_connected(); }, "the neighbour's connection to the event server");
}

std::size_t Neighbour::count_replies(const std::string& command_id) const {
  const std::scoped_lock lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count_if(heard_, [&](const auto& heard) { return answers(heard, command_id); }));
}

Neighbour::~Neighbour() {
  std::unique_ptr<messaging::Subscription> ending;
  {
    const std::scoped_lock lock(mutex_);
    ending = std::move(subscription_);
  }
}

void Neighbour::take(messaging::Delivery delivery) {
  const std::scoped_lock lock(mutex_);
  const auto known = [&](const messaging::Message& heard) { return heard.id == delivery.message.id; };
  if (std::ranges::none_of(heard_, known)) heard_.push_back(std::move(delivery.message));
  if (subscription_) {
    subscription_->acknowledge({&delivery.tag, 1});
  } else {
    taken_early_.push_back(delivery.tag);
  }
}

std::string Neighbour::reply_to(const std::string& command_id) {
  messaging::Message reply;
  pkg::testing::wait_until(
      [&] {
        const std::scoped_lock lock(mutex_);
        const auto found = std::ranges::find_if(heard_, [&](const auto& heard) { return answers(heard, command_id); });
        if (found == heard_.end()) return false;
        reply = *found;
        return true;
      },
      "the reply to " + command_id);
  const auto code = reply.headers.find(std::string(saga::header::failure_code));
  return code == reply.headers.end() ? reply.headers[std::string(saga::header::outcome)] : code->second;
}

std::string Neighbour::send(const messaging::Message& message) {
  std::atomic<bool> stored = false;
  for (int tries = 0; tries < 20 && !stored; ++tries) {
    std::atomic<bool> answered = false;
    broker_->publish(message, [&](messaging::PublishResult result) {
      stored = result.has_value();
      answered = true;
    });
    pkg::testing::wait_until([&] { return answered.load(); }, "the event server's confirmation");
  }
  EXPECT_TRUE(stored) << message.type;
  return message.id;
}

messaging::Message Neighbour::message(std::string type, std::string channel, std::string subject, std::uint64_t version,
                                      std::string payload) {
  messaging::Message message;
  message.id = ids_.next().to_string();
  message.type = std::move(type);
  message.source = "/mallbots/neighbour";
  message.key = subject;
  message.subject = std::move(subject);
  message.channel = std::move(channel);
  message.time = clock_.now();
  message.aggregate_version = version;
  message.correlation_id = "neighbour";
  message.payload = std::move(payload);
  return message;
}

messaging::Message Neighbour::first_of(const std::string& type, const std::string& subject) {
  messaging::Message message;
  pkg::testing::wait_until(
      [&] {
        const std::scoped_lock lock(mutex_);
        const auto found = std::ranges::find_if(heard_, [&](const auto& heard) { return heard.type == type && heard.subject == subject; });
        if (found == heard_.end()) return false;
        message = *found;
        return true;
      },
      type + " about " + subject);
  return message;
}

std::vector<messaging::Message> Neighbour::heard(std::string_view type) const {
  const std::scoped_lock lock(mutex_);
  std::vector<messaging::Message> found;
  std::ranges::copy_if(heard_, std::back_inserter(found),
                       [&](const auto& message) { return message.type == type || message.type.ends_with("." + std::string(type)); });
  return found;
}

bool Neighbour::await(std::string_view type, std::size_t count) const {
  return pkg::testing::wait_until([&] { return heard(type).size() >= count; }, std::to_string(count) + " of " + std::string(type));
}

std::size_t Neighbour::count(const std::string& type, const std::string& subject) const {
  const std::scoped_lock lock(mutex_);
  return static_cast<std::size_t>(
      std::ranges::count_if(heard_, [&](const auto& heard) { return heard.type == type && heard.subject == subject; }));
}

}  // namespace pkg::agent::testing
