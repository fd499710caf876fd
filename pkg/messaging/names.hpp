#pragma once
// Names that every broker takes as they are.

#include <string_view>

#include "pkg/messaging/broker.hpp"

namespace pkg::messaging {

/// Words of [A-Za-z0-9_-] with single dots between them, at most 200 bytes.
bool is_channel_name(std::string_view name);

/// One word of [A-Za-z0-9_-], at most 64 bytes.
bool is_group_name(std::string_view name);

/// True where the subscription wants messages of this type.
bool wants(const SubscribeTo& what, std::string_view type);

/// Stops the process with a sentence where a name is none: that is a mistake in the program, and would otherwise show as a subscription
/// that is silent for ever.
void require_names(const SubscribeTo& what);

}  // namespace pkg::messaging
