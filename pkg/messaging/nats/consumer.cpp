#include "pkg/messaging/nats/consumer.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "pkg/messaging/header_text.hpp"
#include "pkg/messaging/names.hpp"
#include "pkg/messaging/nats/protocol.hpp"

namespace pkg::messaging::nats {
namespace {

/// How long the server may take to say that a pull has expired.
constexpr std::chrono::seconds silence_allowance{1};

/// The first pull after resume() ends soon: a consumer that was being deleted while it was made again is silent, and is found so. Once
/// something has come a pull that lasts takes its place: nats-server 2.9 does not say that a pull has expired where a message comes at that
/// very moment, and one that ends within a second of a service's start under load was a second without messages.
constexpr std::chrono::milliseconds first_pull_expiry{1000};

/// Sequences count all channels' messages, so a message that stays out for long makes this range long.
constexpr std::uint64_t longest_give_back = 10'000;

/// Headers of the server's own, which are no part of the message.
bool is_of_server(const HeaderView& header) { return header.first.starts_with("Nats-"); }

}  // namespace

Consumer::Consumer(std::shared_ptr<const NatsOptions> options, SubscribeTo what, Broker::OnDelivery on_delivery,
                   std::function<void()> wants_attention)
    : options_(std::move(options)),
      what_(std::move(what)),
      on_delivery_(std::move(on_delivery)),
      wants_attention_(std::move(wants_attention)) {}

std::size_t Consumer::share() const { return std::max<std::size_t>(1, what_.window / std::max<std::size_t>(1, readings_.size())); }

std::optional<std::string> Consumer::resume(std::shared_ptr<Connection> connection, const std::string& identity, const Ask& ask) {
  suspend();
  {
    const std::scoped_lock lock(mutex_);
    forget_another(identity);
    settle_late(*connection);  // first, lest give_back() asks for them
  }
  if (auto failed = find_sources(ask)) return failed;
  for (const auto& reading : readings_) {
    if (auto failed = make(reading, *connection, ask)) return failed;
  }
  std::string inbox_name = connection->new_inbox_name();
  auto inbox = connection->listen(inbox_name + ".>", [this](const Incoming& incoming) { on_message(incoming); });
  if (inbox == nullptr) return "the connection is gone";
  std::unique_lock lock(mutex_);
  if (has_ended_) {
    lock.unlock();  // the inbox ends without the lock: a callback may be waiting for it
    return std::nullopt;
  }
  settle_late(*connection);
  connection_ = std::move(connection);
  inbox_ = std::move(inbox);
  inbox_name_ = std::move(inbox_name);
  is_lost_ = false;
  for (auto& reading : readings_) pull(reading);
  return std::nullopt;
}

std::optional<std::string> Consumer::find_sources(const Ask& ask) {
  const auto there = list_consumers(options_->stream, ask);
  if (!there) return "the server cannot list its consumers: " + there.error();
  auto sources = sources_of(what_, *there);
  for (const auto& durable : sources.spare) static_cast<void>(ask(consumer_delete_subject(options_->stream, durable), ""));
  const std::scoped_lock lock(mutex_);
  readings_.clear();
  for (auto& source : sources.read) {
    const auto id = ids_.try_emplace(source.durable, ids_.size()).first->second;
    readings_.push_back({std::move(source), id});
  }
  return std::nullopt;
}

/// Under the lock.
void Consumer::forget_another(const std::string& identity) {
  if (std::exchange(identity_, identity) == identity) return;
  unacknowledged_.clear();
  settled_while_away_.clear();
}

/// Acknowledges what was acknowledged while there was no connection. Under the lock.
void Consumer::settle_late(Connection& connection) {
  connection.gather([&] {
    for (const auto& reply : std::exchange(settled_while_away_, {})) static_cast<void>(connection.send(reply, {}, {}, acknowledge_text));
  });
}

std::optional<std::string> Consumer::make(const Reading& reading, Connection& connection, const Ask& ask) {
  const std::string& durable = reading.source.durable;
  const auto json = ask(consumer_create_subject(options_->stream, durable),
                        consumer_request({options_->stream, durable, reading.source.channels, what_.types, share(), what_.ack_wait}));
  if (!json) return "consumer " + durable + ": the server does not answer";
  const auto made = read_api_answer(*json, *options_);
  if (!made.error.empty()) return "consumer " + durable + ": " + made.error;
  if (made.consumer.out > 0) give_back(reading, made.consumer, connection, ask);
  return std::nullopt;
}

/// What an earlier subscription or connection had out and is not with our owner comes again now, in its order and before anything newer.
/// Left alone it would come when its ack_wait is over, behind newer messages of the same key. The last one is asked for an answer, so that
/// the server has seen them all before it sees a pull. A replica's messages come twice by this; the inbox makes that harmless.
void Consumer::give_back(const Reading& reading, const ConsumerState& state, Connection& connection, const Ask& ask) {
  if (state.delivered - state.settled > longest_give_back) return;
  std::optional<std::string> last;
  connection.gather([&] {
    for (std::uint64_t sequence = state.settled + 1; sequence <= state.delivered; ++sequence) {
      {
        const std::scoped_lock lock(mutex_);
        if (unacknowledged_.holds(reading.id, sequence)) continue;
      }
      if (last) static_cast<void>(connection.send(*last, {}, {}, release_text({})));
      last = answer_subject(options_->stream, reading.source.durable, sequence, state);
    }
  });
  if (last) static_cast<void>(ask(*last, release_text({})));
}

void Consumer::suspend() {
  std::unique_lock lock(mutex_);
  is_lost_ = true;
  const auto connection = std::exchange(connection_, nullptr);
  const auto inbox = std::exchange(inbox_, nullptr);
  lock.unlock();  // the inbox ends without the lock: a callback may be waiting for it
}

bool Consumer::needs_resume(Time now) const {
  const std::scoped_lock lock(mutex_);
  if (has_ended_) return false;
  return is_lost_ || std::ranges::any_of(readings_, [&](const Reading& reading) { return reading.silent_until <= now; });
}

std::optional<Consumer::Time> Consumer::next_look() const {
  const std::scoped_lock lock(mutex_);
  if (has_ended_ || is_lost_ || readings_.empty()) return std::nullopt;
  return std::ranges::min(readings_, {}, &Reading::silent_until).silent_until;
}

void Consumer::on_message(const Incoming& incoming) {
  if (incoming.nobody_listens || (incoming.header("Status") && incoming.reply.empty())) {
    on_status(incoming);
  } else {
    deliver(incoming);
  }
}

void Consumer::on_status(const Incoming& incoming) {
  const std::scoped_lock lock(mutex_);
  if (connection_ == nullptr) return;
  if (incoming.nobody_listens) return lose();
  // The subject is the pull's reply: "<inbox>.<index of the reading>", of a first pull behind those of all readings.
  const auto number = parse_number(incoming.subject.substr(std::min(incoming.subject.size(), inbox_name_.size() + 1)));
  const auto unsent = parse_number(incoming.header("Nats-Pending-Messages").value_or(""));
  if (incoming.header("Status") == "408" && number && *number < 2 * readings_.size() && unsent) {
    Reading& reading = readings_[*number % readings_.size()];
    if (*number >= readings_.size() && reading.is_proven) return;  // another has taken its place
    reading.open -= std::min<std::size_t>(reading.open, *unsent);
    reading.is_proven = true;
    pull(reading);
  } else {
    lose();  // deleted, moved or refused: make it again
  }
}

void Consumer::deliver(const Incoming& incoming) {
  const auto origin = read_reply_subject(incoming.reply);
  if (!origin) return;  // not from a consumer: somebody else wrote to our inbox
  const auto messages = messages_in(incoming);
  const std::size_t count = messages ? messages->size() : 1;
  Delivery delivery;
  std::vector<std::uint64_t> tags(count);
  std::vector<std::uint64_t> unwanted;
  {
    const std::scoped_lock lock(mutex_);
    const auto reading =
        std::ranges::find(readings_, origin->durable, [](const Reading& each) -> const std::string& { return each.source.durable; });
    if (connection_ == nullptr || reading == readings_.end()) return;
    reading->open -= std::min<std::size_t>(reading->open, 1);
    // What is left of a first pull is counted no more. It may still bring something: no more is out than the server's window in any case.
    if (!std::exchange(reading->is_proven, true)) reading->open = 0;
    if (reading->open <= share() / 2) pull(*reading);
    const auto channel = channel_of(reading->source, incoming.subject);
    // It was out when another release read more by this consumer. Who wants that channel again gets all of it, by another.
    if (!channel) {
      if (!is_lost_) answer(std::array{std::string(incoming.reply)}, acknowledge_text);
      return;
    }
    // A server that is stopped right behind a delivery forgets that it made it. Our owner has it still; the answer goes to this one.
    const bool was_forgotten = origin->attempt == 1 && unacknowledged_.holds(reading->id, origin->sequence, origin->stored_at);
    const auto first = unacknowledged_.add(reading->id, origin->sequence, incoming.reply, count, origin->stored_at);
    if (was_forgotten) return;
    for (std::size_t i = 0; i < count; ++i) {
      if (!unacknowledged_.is_out(first + i)) continue;  // of an earlier delivery, and settled
      if (messages && is_unwanted((*messages)[i])) {
        unwanted.push_back(first + i);
      } else {
        tags[i] = first + i;
      }
    }
    delivery.attempt = origin->attempt;
    delivery.sequence = origin->sequence;
    delivery.stored_at = origin->stored_at;
    delivery.message.channel = *channel;
  }
  if (!unwanted.empty()) acknowledge(unwanted);
  const auto self = shared_from_this();  // shared with whoever ends the subscription from such a call
  for (std::size_t i = 0; i < count && !has_ended_; ++i) {
    if (tags[i] == 0) continue;
    Delivery each = delivery;
    each.tag = tags[i];
    each.part = static_cast<std::uint32_t>(i);
    if (messages) {
      read(each, (*messages)[i]);
    } else {
      each.undecodable = messages.error();
      each.raw = raw_text(incoming.headers, incoming.payload);
    }
    on_delivery_(std::move(each));
  }
}

/// Fails where it says that it is a bundle, and is not.
std::expected<std::vector<Enclosed>, std::string> Consumer::messages_in(const Incoming& incoming) {
  const auto bundle = incoming.header(bundle_header);
  if (bundle && !incoming.has_broken_headers) return read_bundle(*bundle, incoming.payload);
  return std::vector<Enclosed>{{incoming.headers, incoming.has_broken_headers, incoming.payload}};
}

void Consumer::read(Delivery& delivery, const Enclosed& enclosed) {
  auto headers = enclosed.headers;
  std::erase_if(headers, is_of_server);
  auto message = enclosed.has_broken_headers ? std::unexpected(std::string("the header block cannot be read"))
                                             : decode_message(delivery.message.channel, headers, enclosed.payload);
  if (message) {
    delivery.message = *std::move(message);
  } else {
    delivery.undecodable = std::move(message.error());
    delivery.raw = raw_text(enclosed.headers, enclosed.payload);
  }
}

/// The server goes by a message's subject, which others than we may have given it.
bool Consumer::is_unwanted(const Enclosed& message) const {
  if (what_.types.empty() || message.has_broken_headers) return false;
  const auto type = type_in(message.headers);
  return type && !wants(what_, *type);
}

void Consumer::pull(Reading& reading) {
  const std::size_t wanted = share() - std::min(share(), reading.open);
  if (wanted == 0) return;
  const auto expiry = reading.is_proven ? options_->pull_expiry : std::min(options_->pull_expiry, first_pull_expiry);
  const auto index = static_cast<std::size_t>(&reading - readings_.data()) + (reading.is_proven ? 0 : readings_.size());
  const auto sent = connection_->send(pull_subject(options_->stream, reading.source.durable), inbox_name_ + "." + std::to_string(index), {},
                                      pull_request(wanted, expiry));
  if (sent != Sent::sent) return;  // the connection is gone, and its closing is on its way to the broker
  reading.open += wanted;
  reading.silent_until = std::chrono::steady_clock::now() + expiry + silence_allowance;
}

/// Under the lock, and not while lost.
void Consumer::answer(std::span<const std::string> replies, std::string_view text) {
  connection_->gather([&] {
    for (const auto& reply : replies) static_cast<void>(connection_->send(reply, {}, {}, text));
  });
}

void Consumer::lose() {
  if (std::exchange(is_lost_, true)) return;
  wants_attention_();
}

void Consumer::acknowledge(std::span<const std::uint64_t> tags) {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> replies;
  for (const std::uint64_t tag : tags) {
    if (auto reply = unacknowledged_.settle(tag)) replies.push_back(*std::move(reply));
  }
  // A lost consumer may be made anew, and the same reply then means another message: only resume() knows.
  if (is_lost_) {
    std::ranges::move(replies, std::back_inserter(settled_while_away_));
  } else {
    answer(replies, acknowledge_text);
  }
}

void Consumer::in_progress(std::span<const std::uint64_t> tags) { answer_for(tags, in_progress_text); }

void Consumer::release(std::span<const std::uint64_t> tags, std::chrono::milliseconds delay) { answer_for(tags, release_text(delay)); }

void Consumer::answer_for(std::span<const std::uint64_t> tags, std::string_view text) {
  const std::scoped_lock lock(mutex_);
  if (is_lost_) return;
  std::vector<std::string> replies;
  for (const std::uint64_t tag : tags) {
    if (auto reply = unacknowledged_.reply_of(tag)) replies.push_back(*std::move(reply));
  }
  answer(replies, text);
}

void Consumer::end() {
  {
    const std::scoped_lock lock(mutex_);
    has_ended_ = true;
  }
  // What is out is given back by the next subscription, not here: nats-server 2.9 forgets a message that is to be delivered again while
  // only pulls of ended subscriptions are open, and repeats the newest acknowledged one in its place.
  suspend();
}

}  // namespace pkg::messaging::nats
