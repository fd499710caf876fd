#pragma once
// A message as the tables keep it. The bytes are stored, so the format is pinned: stored_message_test.cpp has its golden bytes.

#include <optional>
#include <string>
#include <string_view>

#include "pkg/messaging/message.hpp"

namespace pkg::messaging {

/// Everything but type, channel and key, which stand in columns of their own for people to see.
std::string to_stored(const Message& message);

/// Reads what to_stored() wrote, now or in an earlier release; type, channel and key stay empty. Nothing where the bytes are broken.
std::optional<Message> from_stored(std::string_view bytes);

}  // namespace pkg::messaging
