#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "pkg/clock/clock.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/outbox.hpp"
#include "pkg/saga/replies.hpp"

namespace pkg::agent::testing {

/// Another service on the same event server: hears what is published, sends events and commands.
class Neighbour {
 public:
  /// `stream` is the services' own (Settings::stream).
  Neighbour(const std::string& nats_url, std::vector<std::string> hears, const std::string& stream = "mallbots");
  ~Neighbour();
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;

  /// Waits for the first message of the type P about `subject`, and gives it with its payload.
  template <class P>
  std::pair<messaging::Message, P> hear(const std::string& subject) {
    std::pair<messaging::Message, P> heard;
    heard.first = first_of(std::string(P::descriptor()->full_name()), subject);
    EXPECT_TRUE(heard.second.ParseFromString(heard.first.payload));
    return heard;
  }
  /// What came so far of a type; its last word will do ("Reply").
  std::vector<messaging::Message> heard(std::string_view type) const;
  /// Waits until so many of them came; where they do not, the test fails and the answer is false.
  bool await(std::string_view type, std::size_t count = 1) const;
  /// How many messages of the type P about `subject` came so far.
  template <class P>
  std::size_t count(const std::string& subject) const {
    return count(std::string(P::descriptor()->full_name()), subject);
  }
  /// How many answers to a command came so far.
  std::size_t count_replies(const std::string& command_id) const;
  /// Waits for the answer to a command and gives its outcome: "success", or the code of the failure.
  std::string reply_to(const std::string& command_id);

  /// An event of the aggregate `subject`, ready to be sent.
  template <class P>
  messaging::Message event(std::string channel, std::string subject, std::uint64_t version, const P& payload) {
    return message(std::string(P::descriptor()->full_name()), std::move(channel), std::move(subject), version, payload.SerializeAsString());
  }
  /// A command of the saga `saga_id`, to be answered on `replies`, whose last word is the saga's name.
  template <class P>
  messaging::Message command(std::string channel, std::string saga_id, std::string replies, const P& payload) {
    auto command = message(std::string(P::descriptor()->full_name()), std::move(channel), saga_id, 0, payload.SerializeAsString());
    command.headers = {{"saga-name", replies.substr(replies.rfind('.') + 1)},
                       {"saga-id", std::move(saga_id)},
                       {"saga-step", "step"},
                       {"saga-direction", "forward"},
                       {"saga-reply-to", std::move(replies)}};
    return command;
  }
  /// The answers to a command that was heard.
  messaging::Message success(const messaging::Message& command) { return replies_.success(command).value(); }
  template <class P>
  messaging::Message success(const messaging::Message& command, const P& payload) {
    return replies_.success(command, std::string(P::descriptor()->full_name()), payload.SerializeAsString()).value();
  }
  messaging::Message failure(const messaging::Message& command, std::string code, std::string detail = {}) {
    return replies_.failure(command, {errors::ErrorKind::rejected, std::move(code), std::move(detail), {}}).value();
  }
  /// Returns once the event server keeps it. Gives the message's id.
  std::string send(const messaging::Message& message);

 private:
  void take(messaging::Delivery delivery);
  messaging::Message message(std::string type, std::string channel, std::string subject, std::uint64_t version, std::string payload);
  messaging::Message first_of(const std::string& type, const std::string& subject);
  std::size_t count(const std::string& type, const std::string& subject) const;

  /// Answers are made ready only; send() is what publishes.
  class NoOutbox final : public messaging::Outbox {
    void add(uow::UnitOfWork&, messaging::Message) override {}
  };

  clock::SystemClock clock_;
  ids::TimeOrderedIds ids_{clock_};
  NoOutbox no_outbox_;
  saga::Replies replies_{no_outbox_, ids_, clock_, "/mallbots/neighbour"};
  mutable std::mutex mutex_;
  std::vector<messaging::Message> heard_;  // each once, however often the event server delivers it
  std::vector<std::uint64_t> taken_early_;  // before there was a subscription to acknowledge them to
  std::unique_ptr<messaging::Broker> broker_;
  std::unique_ptr<messaging::Subscription> subscription_;
};

}  // namespace pkg::agent::testing
