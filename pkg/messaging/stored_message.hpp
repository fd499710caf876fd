#pragma once
// A message as the tables keep it. The bytes are stored, so the format is pinned: stored_message_test.cpp has its golden bytes.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/messaging/message.hpp"

namespace pkg::messaging {

/// Everything but type, channel and key, which stand in columns of their own for people to see.
std::string to_stored(const Message& message);

/// Reads what to_stored() wrote, now or in an earlier release; type, channel and key stay empty. Nothing where the bytes are broken.
std::optional<Message> from_stored(std::string_view bytes);

/// Adds a message to those of one value, with its type, channel and key.
void append_stored(std::string& several, const Message& message);

/// Reads what append_stored() wrote, now or in an earlier release. Nothing where the bytes are broken.
std::optional<std::vector<Message>> from_several_stored(std::string_view several);

}  // namespace pkg::messaging
