#include "tests/chaos/stray_sender.hpp"

#include <nats/nats.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "pkg/clock/clock.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/saga/headers.hpp"
#include "tests/mall/overheard.hpp"

namespace mall::chaos {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
namespace header = pkg::saga::header;

using Message = std::unique_ptr<natsMsg, decltype(&natsMsg_Destroy)>;
using Headers = std::map<std::string, std::string>;

constexpr const char* mark = "stray";
constexpr const char* deduplicated_by = "Nats-Msg-Id";  // without it the stream takes a message as something new
constexpr const char* meant_for = "Nats-Expected-Stream";    // what asks the stream whether it is whole has it, and is not stored
constexpr auto latest = 2000ms;

void check(natsStatus status) {
  if (status != NATS_OK) throw std::runtime_error(std::string("the stray sender: ") + natsStatus_GetText(status));
}

Message make(const char* subject, const Headers& headers, const std::string& payload) {
  natsMsg* made = nullptr;
  check(natsMsg_Create(&made, subject, nullptr, payload.data(), static_cast<int>(payload.size())));
  Message message(made, &natsMsg_Destroy);
  for (const auto& [name, value] : headers) check(natsMsgHeader_Set(made, name.c_str(), value.c_str()));
  check(natsMsgHeader_Set(made, mark, "1"));
  return message;
}

}  // namespace

class StraySender::Wire {
 public:
  Wire(const std::string& url, Run& run) : run_(run) {
    natsOptions* options = nullptr;
    check(natsOptions_Create(&options));
    const std::unique_ptr<natsOptions, decltype(&natsOptions_Destroy)> owned(options, &natsOptions_Destroy);
    check(natsOptions_SetURL(options, url.c_str()));
    check(natsOptions_SetMaxReconnect(options, -1));
    check(natsOptions_SetReconnectWait(options, 100));
    check(natsConnection_Connect(&connection_, options));
    check(natsConnection_Subscribe(&subscription_, connection_, "mallbots.>", &Wire::on_message, this));
    check(natsSubscription_SetOnCompleteCB(subscription_, &Wire::on_last_message, this));
    check(natsConnection_Flush(connection_));
    sender_ = std::jthread([this](const std::stop_token& over) { send_in_time(over); });
  }
  ~Wire() {
    natsSubscription_Unsubscribe(subscription_);
    is_through_.get_future().wait();  // a message may be on its way through on_message() yet
    sender_.request_stop();
    sender_.join();
    natsConnection_Close(connection_);
    natsSubscription_Destroy(subscription_);
    natsConnection_Destroy(connection_);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

 private:
  static void on_message(natsConnection*, natsSubscription*, natsMsg* message, void* self) {
    const Message owned(message, &natsMsg_Destroy);
    static_cast<Wire*>(self)->hear(message);
  }
  static void on_last_message(void* self) { static_cast<Wire*>(self)->is_through_.set_value(); }

  bool one_in_ten() { return random_() % 10 == 0; }
  std::chrono::milliseconds some_time() { return latest * (random_() % 1000) / 1000; }

  void hear(natsMsg* record) {
    const auto of_record = testing::headers_of(record);
    if (of_record.contains(mark) || of_record.contains(meant_for)) return;
    for (auto& [headers, payload] : testing::messages_in(record)) {
      headers.erase(deduplicated_by);
      hear(natsMsg_GetSubject(record), headers, payload);
    }
  }

  void hear(const char* subject, const Headers& headers, const std::string& payload) {
    if (one_in_ten()) send_in(some_time(), make(subject, headers, payload));
    if (headers.contains(std::string(header::command_id)) && one_in_ten()) send_in(0ms, refusal_of_nothing(subject, headers, payload));
    if (std::string_view(subject).find(".commands.") != std::string_view::npos && one_in_ten()) {
      auto another = headers;
      another["ce-id"] = ids_.next().to_string();
      send_in(some_time(), make(subject, another, payload));
    }
  }

  Message refusal_of_nothing(const char* subject, Headers headers, const std::string& payload) {
    headers["ce-id"] = ids_.next().to_string();
    headers[std::string(header::command_id)] = ids_.next().to_string();
    headers[std::string(header::outcome)] = pkg::saga::failure;
    headers[std::string(header::failure_code)] = "stray";
    headers[std::string(header::failure_detail)] = "nobody-asked-for-this";
    headers.erase(std::string(header::payload_type));
    return make(subject, headers, payload);
  }

  void send_in(std::chrono::milliseconds time, Message message) {
    const std::scoped_lock lock(mutex_);
    waiting_.emplace(Clock::now() + time, std::move(message));
    changed_.notify_one();
  }

  void send_in_time(const std::stop_token& over) {
    std::unique_lock lock(mutex_);
    while (!over.stop_requested()) {
      if (waiting_.empty()) {
        changed_.wait(lock, over, [&] { return !waiting_.empty(); });
        continue;
      }
      const auto first = waiting_.begin()->first;
      if (first > Clock::now()) {
        changed_.wait_until(lock, over, first, [&] { return waiting_.begin()->first < first; });
        continue;
      }
      const auto message = waiting_.extract(waiting_.begin());
      // While the server is away it is lost, or comes when that is back: as it happens.
      if (natsConnection_PublishMsg(connection_, message.mapped().get()) == NATS_OK) ++run_.strays;
    }
  }

  Run& run_;
  natsConnection* connection_ = nullptr;
  natsSubscription* subscription_ = nullptr;
  std::minstd_rand random_;  // of the subscription's thread only, as the ids
  pkg::clock::SystemClock clock_;
  pkg::ids::TimeOrderedIds ids_{clock_};
  std::promise<void> is_through_;  ///< on_message() is not called any more
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::multimap<Clock::time_point, Message> waiting_;
  std::jthread sender_;
};

StraySender::StraySender(const std::string& nats_url, Run& run) : wire_(std::make_unique<Wire>(nats_url, run)) {}
StraySender::~StraySender() = default;

}  // namespace mall::chaos
