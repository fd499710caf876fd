#pragma once
// What a test does to a server behind the broker's back.

#include <span>
#include <string>
#include <string_view>

#include "pkg/messaging/cloud_event.hpp"

namespace pkg::messaging {

/// Publishes and waits until the stream has it; the test fails where it does not come.
void store_raw_message(const std::string& url, std::string_view channel, std::span<const Header> headers, std::string_view payload);

/// Asks the JetStream API; the test fails where no answer comes.
std::string ask_server(const std::string& url, std::string_view subject, std::string_view body = "");

}  // namespace pkg::messaging
