#include "tests/mall/overheard.hpp"

#include <nats/nats.h>

#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "pkg/messaging/nats/bundle.hpp"

namespace mall::testing {

namespace nats = pkg::messaging::nats;

std::map<std::string, std::string> headers_of(natsMsg* record) {
  std::map<std::string, std::string> headers;
  const char** names = nullptr;
  int count = 0;
  if (natsMsgHeader_Keys(record, &names, &count) != NATS_OK) return headers;
  for (int i = 0; i < count; ++i) {
    const char* value = nullptr;
    if (natsMsgHeader_Get(record, names[i], &value) == NATS_OK) headers.emplace(names[i], value);
  }
  std::free(names);
  return headers;
}

std::vector<Overheard> messages_in(natsMsg* record) {
  auto headers = headers_of(record);
  const std::string_view body(natsMsg_GetData(record), static_cast<std::size_t>(natsMsg_GetDataLength(record)));
  const auto bundle = headers.find(std::string(nats::bundle_header));
  if (bundle == headers.end()) return {{std::move(headers), std::string(body)}};
  const auto enclosed = nats::read_bundle(bundle->second, body);
  if (!enclosed) throw std::runtime_error("overheard: " + enclosed.error());
  std::vector<Overheard> messages;
  for (const auto& each : *enclosed) messages.push_back({{each.headers.begin(), each.headers.end()}, std::string(each.payload)});
  return messages;
}

}  // namespace mall::testing
