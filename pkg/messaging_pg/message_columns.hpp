#pragma once
// Messages in and out of the columns that every table here has: channel, key, type, message.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/ids/uuid.hpp"
#include "pkg/messaging/message.hpp"
#include "pkg/postgres/params.hpp"
#include "pkg/postgres/rows.hpp"

namespace pkg::messaging_pg {

/// Four arrays, in the order above.
postgres::Params as_columns(std::span<const messaging::Message* const> messages);

/// Reads the four columns from `first` on. One that cannot be read (another release's, a broken disk) comes with an empty id, which no
/// broker takes and no inbox knows: it ends up where an operator sees it.
messaging::Message message_of(const postgres::Row& row, int first);

/// The messages of a row of the outbox: what message_of() reads from `first` on, and those of the column behind it. Where that one cannot
/// be read, one message with an empty id stands for all of it.
std::vector<messaging::Message> messages_of(const postgres::Row& row, int first);

/// The message's id, or one made of it where it is no UUID.
ids::Uuid inbox_id(const messaging::Message& message);

}  // namespace pkg::messaging_pg
