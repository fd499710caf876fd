#include "pkg/messaging/nats/broker_thread.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pkg::messaging::nats {
namespace {

constexpr std::chrono::milliseconds first_retry{50};
constexpr std::chrono::milliseconds longest_retry{1000};
constexpr std::chrono::milliseconds consumer_retry{50};

}  // namespace

void NatsBroker::run() {
  auto retry = first_retry;
  while (true) {
    std::unique_lock lock(mutex_);
    if (is_stopping_) break;
    const bool is_broken = is_link_broken_;
    lock.unlock();
    if (is_broken) drop_link();
    if (make_ready()) {
      retry = first_retry;
      serve();
      continue;
    }
    answer_expired(Time::clock::now());
    lock.lock();
    wake_.wait_for(lock, retry, [&] { return is_stopping_; });
    retry = std::min(retry * 2, longest_retry);
  }
  drop_link();
}

/// Connected, and the stream is there. A stream that is another than the one before is told to listeners as a connection that went and
/// came.
bool NatsBroker::make_ready() {
  if (link_ == nullptr && !open_link()) return false;
  {
    const std::scoped_lock lock(mutex_);
    is_stream_in_doubt_ = false;
  }
  const auto stream = make_stream();
  if (!stream) {
    report_once("stream " + options_->stream + ": " + stream.error());
    set_ready(false);
    return false;
  }
  if (identity_ != stream->identity) {
    set_ready(false);
    identity_ = stream->identity;
    for (const auto& consumer : living_consumers()) consumer->suspend();
  }
  last_report_.clear();
  wake(has_consumers_to_resume_);
  set_ready(true);
  return true;
}

bool NatsBroker::open_link() {
  auto opened = open_connection(*options_, [this] {
    requests_.give_up();
    wake(is_link_broken_);
  });
  if (!opened) {
    report_once("the event server at " + options_->url + " is away: " + opened.error());
    return false;
  }
  Link link;
  link.connection = *std::move(opened);
  link.inbox_name = link.connection->new_inbox_name();
  answers_ = link.connection->listen(link.inbox_name + ".*", [this, prefix_size = link.inbox_name.size() + 1](const Incoming& incoming) {
    on_answer(incoming, prefix_size);
  });
  if (answers_ == nullptr) return false;  // broken already
  link_ = std::make_shared<const Link>(std::move(link));
  return true;
}

void NatsBroker::drop_link() {
  bool was_ready = false;
  {
    const std::scoped_lock lock(mutex_);
    was_ready = std::exchange(ready_link_, nullptr) != nullptr;
  }
  for (const auto& consumer : living_consumers()) consumer->suspend();
  answers_.reset();
  link_.reset();
  for (const auto& published : confirmations_.take_all()) published(std::unexpected(PublishFailure::unconfirmed));
  std::unique_lock lock(mutex_);
  is_link_broken_ = false;
  const bool is_stopping = is_stopping_;
  lock.unlock();
  if (was_ready && !is_stopping) tell_listeners(false);
}

/// Until the thread is to stop, the link breaks, or the stream is in doubt.
void NatsBroker::serve() {
  do {
    answer_expired(Time::clock::now());
  } while (wait(look_after_consumers()));
}

/// True when there is something to look after, false when serving is over.
bool NatsBroker::wait(std::optional<Time> consumers_due) {
  std::unique_lock lock(mutex_);
  const auto is_over = [&] { return is_stopping_ || is_link_broken_ || is_stream_in_doubt_; };
  if (is_over()) return false;
  if (has_consumers_to_resume_) return true;
  // In this order: whoever publishes after the first line wakes us, and whoever did before it is seen in the second.
  is_watching_ = false;
  auto due = confirmations_.next_deadline();
  if (due) is_watching_ = true;
  if (!due || (consumers_due && *consumers_due < *due)) due = consumers_due;
  if (due) {
    wake_.wait_until(lock, *due);
  } else {
    wake_.wait(lock);
  }
  return !is_over();
}

/// Resumes those that need it; gives the time to look again.
std::optional<NatsBroker::Time> NatsBroker::look_after_consumers() {
  {
    const std::scoped_lock lock(mutex_);
    has_consumers_to_resume_ = false;
  }
  std::optional<Time> due;
  const auto no_later_than = [&](Time time) { due = due ? std::min(*due, time) : time; };
  const Ask ask_now = [this](const std::string& subject, const std::string& body) { return ask(*link_, subject, body); };
  for (const auto& consumer : living_consumers()) {
    if (consumer->needs_resume(Time::clock::now())) {
      const auto failed = takes_messages(*consumer) ? consumer->resume(link_->connection, identity_, ask_now)
                                                    : std::optional("stream " + options_->stream + " takes no messages yet");
      if (failed) {
        report_once(*failed);
        no_later_than(Time::clock::now() + consumer_retry);
      }
    }
    if (const auto look = consumer->next_look()) no_later_than(*look);
  }
  return due;
}

/// nats-server 2.9 tells of a stream before it is whole, and a consumer that is made in that moment delivers nothing for as long as it
/// lives. Services start together, so one finds what another is making. Last of all a stream begins to take messages: one that answers is
/// whole. What is sent here it refuses, as it is meant for another stream.
bool NatsBroker::takes_messages(const Consumer& consumer) {
  if (consumer.channels().empty()) return true;
  std::string other_stream;
  append_header_line(other_stream, "Nats-Expected-Stream", "not-" + options_->stream);
  const auto answer =
      requests_.ask(*link_->connection, link_->inbox_name + ".s", consumer.channels().front(), other_stream, {}, options_->request_timeout);
  return answer && !answer->empty();
}

void NatsBroker::answer_expired(Time now) {
  for (const auto& published : confirmations_.take_expired(now)) published(std::unexpected(PublishFailure::unconfirmed));
}

/// Makes the stream where it is missing, and changes its limits where they are not as wanted. Services start together, so another may
/// be making it meanwhile.
std::expected<StreamState, std::string> NatsBroker::make_stream() {
  auto found = ask_stream("INFO", "");
  if (found && found->error_code == stream_not_found) {
    found = ask_stream("CREATE", stream_request(*options_));
    if (found && found->error_code == stream_exists_otherwise) found = ask_stream("INFO", "");
  }
  if (!found) return std::unexpected(found.error());
  if (!found->error.empty()) return std::unexpected(found->error);
  if (!found->stream_is_as_wanted) {
    const auto updated = ask_stream("UPDATE", stream_request(*options_));
    // It works as it is, so this is no reason to stand still.
    if (updated && !updated->error.empty()) report("stream " + options_->stream + " stays as it is: " + updated->error);
  }
  return found->stream;
}

std::expected<ApiAnswer, std::string> NatsBroker::ask_stream(std::string_view verb, const std::string& body) {
  const auto json = ask(*link_, stream_subject(verb, options_->stream), body);
  if (!json) return std::unexpected("the server does not answer");
  return read_api_answer(*json, *options_);
}

void NatsBroker::set_ready(bool ready) {
  {
    const std::scoped_lock lock(mutex_);
    if (ready == (ready_link_ != nullptr)) return;
    ready_link_ = ready ? link_ : nullptr;
  }
  tell_listeners(ready);
}

void NatsBroker::tell_listeners(bool connected) {
  std::unique_lock lock(mutex_);
  const auto listeners = listeners_;
  lock.unlock();
  for (const auto& listener : listeners) listener(connected);
}

void NatsBroker::report_once(const std::string& sentence) {
  if (std::exchange(last_report_, sentence) != sentence) report(sentence);
}

/// Drops those whose subscription has ended.
std::vector<std::shared_ptr<Consumer>> NatsBroker::living_consumers() {
  std::vector<std::shared_ptr<Consumer>> ended;  // destroyed after the lock: what their callbacks hold may call us
  const std::scoped_lock lock(mutex_);
  const auto rest =
      std::stable_partition(consumers_.begin(), consumers_.end(), [](const auto& consumer) { return !consumer->has_ended(); });
  std::move(rest, consumers_.end(), std::back_inserter(ended));
  consumers_.erase(rest, consumers_.end());
  return consumers_;
}

}  // namespace pkg::messaging::nats
