#include "pkg/messaging_pg/message_columns.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "pkg/messaging/id_of_bytes.hpp"
#include "pkg/messaging/stored_message.hpp"

namespace pkg::messaging_pg {

using messaging::Message;
using postgres::Param;

postgres::Params as_columns(std::span<const Message* const> messages) {
  std::vector<std::string> channels, keys, types, stored;
  for (auto* column : {&channels, &keys, &types, &stored}) column->reserve(messages.size());
  for (const Message* message : messages) {
    channels.push_back(message->channel);
    keys.push_back(message->key);
    types.push_back(message->type);
    stored.push_back(messaging::to_stored(*message));
  }
  return {Param::array(channels), Param::array(keys), Param::array(types), Param::bytea_array(stored)};
}

Message message_of(const postgres::Row& row, int first) {
  Message message = messaging::from_stored(row.bytes(first + 3)).value_or(Message{});
  message.channel = row.text(first);
  message.key = row.text(first + 1);
  message.type = row.text(first + 2);
  return message;
}

std::vector<Message> messages_of(const postgres::Row& row, int first) {
  std::vector<Message> messages{message_of(row, first)};
  const int more = first + 4;
  if (row.is_null(more)) return messages;
  auto further = messaging::from_several_stored(row.bytes(more));
  if (!further) {
    further.emplace(1);
    further->front().channel = messages.front().channel;
  }
  std::ranges::move(*further, std::back_inserter(messages));
  return messages;
}

ids::Uuid inbox_id(const Message& message) {
  if (const auto id = ids::Uuid::parse(message.id)) return *id;
  return *ids::Uuid::parse(messaging::id_of_bytes(message.id));
}

}  // namespace pkg::messaging_pg
