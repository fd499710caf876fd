#include "pkg/messaging/nats/requests.hpp"

#include <utility>

namespace pkg::messaging::nats {

std::optional<std::string> Requests::ask(Connection& connection, std::string_view reply_prefix, std::string_view subject,
                                         std::string_view header_lines, std::string_view body, std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  if (is_closed_) return std::nullopt;
  const std::uint64_t token = ++last_token_;
  Waiting& mine = waiting_[token];
  lock.unlock();
  const Sent sent = connection.send(subject, std::string(reply_prefix) + std::to_string(token), header_lines, body);
  lock.lock();
  if (sent == Sent::sent) came_.wait_for(lock, timeout, [&] { return mine.answer.has_value() || mine.is_given_up; });
  auto answer = std::move(mine.answer);
  waiting_.erase(token);
  return answer;
}

void Requests::answer(std::uint64_t token, std::string_view body) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = waiting_.find(token);
    if (found == waiting_.end()) return;
    found->second.answer = body;
  }
  came_.notify_all();
}

void Requests::give_up() {
  {
    const std::scoped_lock lock(mutex_);
    for (auto& [token, waiting] : waiting_) waiting.is_given_up = true;
  }
  came_.notify_all();
}

void Requests::close() {
  {
    const std::scoped_lock lock(mutex_);
    is_closed_ = true;
  }
  give_up();
}

}  // namespace pkg::messaging::nats
