#include "pkg/messaging/nats/raw_client.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>

#include "pkg/messaging/nats/connection.hpp"
#include "pkg/messaging/nats/wire.hpp"

namespace pkg::messaging {
namespace {

std::string ask_with_headers(const std::string& url, std::string_view subject, std::span<const Header> headers, std::string_view body) {
  NatsOptions options;
  options.url = url;
  auto connection = nats::open_connection(options, [] {});
  if (!connection) {
    ADD_FAILURE() << url << ": " << connection.error();
    return {};
  }
  const std::string reply = (*connection)->new_inbox_name();
  std::promise<std::string> answer;
  auto result = answer.get_future();
  const auto inbox = (*connection)->listen(reply, [&](const nats::Incoming& incoming) { answer.set_value(std::string(incoming.payload)); });
  EXPECT_EQ((*connection)->send(subject, reply, nats::lines_of(headers), body), nats::Sent::sent);
  if (result.wait_for(std::chrono::seconds{5}) == std::future_status::ready) return result.get();
  ADD_FAILURE() << "no answer on " << subject;
  return {};
}

}  // namespace

void store_raw_message(const std::string& url, std::string_view channel, std::span<const Header> headers, std::string_view payload) {
  const auto answer = ask_with_headers(url, channel, headers, payload);
  EXPECT_NE(answer.find("\"seq\""), std::string::npos) << answer;
}

std::string ask_server(const std::string& url, std::string_view subject, std::string_view body) {
  return ask_with_headers(url, subject, {}, body);
}

}  // namespace pkg::messaging
