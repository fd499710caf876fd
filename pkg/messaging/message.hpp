#pragma once
// A message between services: a CloudEvents 1.0 event in binary mode, its payload protobuf.

#include <cstdint>
#include <map>
#include <string>

#include "pkg/clock/clock.hpp"

namespace pkg::messaging {

struct Message {
  std::string id;                       ///< ce-id: a UUIDv7 in text; the inbox knows a message by it
  std::string type;                     ///< ce-type: the payload's full protobuf name, "mallbots.baskets.v1.BasketCheckedOut"
  std::string source;                   ///< ce-source: "/mallbots/baskets"
  std::string subject;                  ///< ce-subject: the id of the aggregate it is about
  std::string channel;                  ///< where it is sent: "mallbots.baskets.events.Basket"; the broker's own name for it is the same
  std::string key;  ///< ce-partitionkey: messages of one key are handled in order; the aggregate's id, for saga traffic the order's
  clock::TimePoint time;  ///< ce-time
  std::uint64_t aggregate_version = 0;  ///< ce-aggregateversion: the aggregate's version after this event; 0 for commands and replies
  std::string correlation_id;  ///< ce-correlationid
  std::string causation_id;  ///< ce-causationid
  std::string traceparent;  ///< traceparent (W3C); empty where nothing is traced
  std::map<std::string, std::string> headers;  ///< further headers by their own names, those of sagas among them; lower case
  std::string payload;

  friend bool operator==(const Message&, const Message&) = default;
};

}  // namespace pkg::messaging
