#include "pkg/saga/replies.hpp"

#include <algorithm>

#include "pkg/messaging/header_text.hpp"
#include "pkg/saga/headers.hpp"

namespace pkg::saga {
namespace {

using errors::ErrorKind;
using errors::Result;

/// Of what a participant says, as much as every broker carries in a header: one line, and after percent-encoding under 4 KiB.
std::string header_text(std::string text) {
  constexpr std::size_t most = 1200;
  if (text.size() > most) {
    text.resize(most);
    while (!text.empty() && (text.back() & 0x80) != 0) text.pop_back();  // no character is cut in half
  }
  std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  if (!messaging::is_plain_utf8(text)) std::ranges::replace_if(text, [](unsigned char c) { return c > 0x7f; }, '?');
  return text;
}

}  // namespace

bool is_rejection(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::malformed:
    case ErrorKind::unauthenticated:
    case ErrorKind::forbidden:
    case ErrorKind::not_found:
    case ErrorKind::conflict:
    case ErrorKind::stale:
    case ErrorKind::rejected: return true;
    case ErrorKind::too_many:
    case ErrorKind::unavailable:
    case ErrorKind::contended:
    case ErrorKind::internal: return false;
  }
  return false;
}

Result<messaging::Message> Replies::reply_to(const messaging::Message& command) const {
  messaging::Message reply;
  for (const auto name : {header::name, header::id, header::step, header::direction}) {
    const auto found = command.headers.find(std::string(name));
    if (found != command.headers.end()) reply.headers.insert(*found);
  }
  const auto reply_to = command.headers.find(std::string(header::reply_to));
  if (reply.headers.size() != 4 || reply_to == command.headers.end()) {
    return errors::fail(ErrorKind::malformed, "not_a_saga_command",
                        "The message " + command.type + " does not say which saga awaits its reply.");
  }
  reply.id = ids_.next().to_string();
  reply.type = reply_type;
  reply.source = source_;
  reply.subject = reply.headers.at(std::string(header::id));
  reply.channel = reply_to->second;
  reply.key = reply.subject;
  reply.time = clock_.now();
  reply.correlation_id = command.correlation_id;
  reply.causation_id = command.id;
  reply.traceparent = command.traceparent;
  reply.headers.emplace(header::command_id, command.id);
  return reply;
}

Result<messaging::Message> Replies::success(const messaging::Message& command, std::string payload_type, std::string payload) const {
  auto reply = reply_to(command);
  if (!reply) return reply;
  reply->headers.emplace(header::outcome, saga::success);
  if (!payload_type.empty()) reply->headers.emplace(header::payload_type, std::move(payload_type));
  reply->payload = std::move(payload);
  return reply;
}

Result<messaging::Message> Replies::failure(const messaging::Message& command, const errors::Error& error) const {
  auto reply = reply_to(command);
  if (!reply) return reply;
  reply->headers.emplace(header::outcome, saga::failure);
  reply->headers.emplace(header::failure_code, header_text(error.code));
  reply->headers.emplace(header::failure_detail, header_text(error.detail));
  return reply;
}

Result<> Replies::send_success(uow::UnitOfWork& unit, const messaging::Message& command, std::string payload_type,
                               std::string payload) const {
  auto reply = success(command, std::move(payload_type), std::move(payload));
  if (!reply) return errors::pass_on(reply);
  if (!unit.cause().traceparent.empty()) reply->traceparent = unit.cause().traceparent;
  outbox_.add(unit, std::move(*reply));
  return {};
}

Result<> Replies::send_failure(uow::UnitOfWork& unit, const messaging::Message& command, const errors::Error& error) const {
  if (!is_rejection(error.kind)) return std::unexpected(error);
  auto reply = failure(command, error);
  if (!reply) return errors::pass_on(reply);
  if (!unit.cause().traceparent.empty()) reply->traceparent = unit.cause().traceparent;
  outbox_.add(unit, std::move(*reply));
  return {};
}

}  // namespace pkg::saga
