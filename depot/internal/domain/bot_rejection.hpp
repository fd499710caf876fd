#pragma once

#include <cstdint>
#include <string>

#include "pkg/errors/error.hpp"

namespace depot::domain {

/// Why a bot is not registered, the first that applies. The word is the `code` that callers see.
enum class BotRejection : std::uint8_t {
  bot_name_blank,     ///< people tell bots apart by their names
  bot_name_too_long,  ///< a name has at most 60 bytes
  bot_name_taken,     ///< another bot has this name
};

/// A rejection with what a person needs to know of it.
struct BotRejected {
  BotRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const BotRejected& rejected);

}  // namespace depot::domain
