#pragma once
// What one hears who listens to the event server's subjects.

#include <map>
#include <string>
#include <vector>

struct __natsMsg;  // nats.h calls it natsMsg

namespace mall::testing {

struct Overheard {
  std::map<std::string, std::string> headers;  ///< as they are on the wire
  std::string payload;
};

/// The messages of a record: itself, or those that it bundles.
std::vector<Overheard> messages_in(__natsMsg* record);

/// The headers of the record itself.
std::map<std::string, std::string> headers_of(__natsMsg* record);

}  // namespace mall::testing
