#pragma once
// nats.c, with its things ended by their owners.

#include <nats/nats.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace mall::bench {

inline void check(natsStatus status, const char* what) {
  if (status != NATS_OK) throw std::runtime_error(std::string(what) + ": " + natsStatus_GetText(status));
}

using NatsConnection = std::unique_ptr<natsConnection, decltype(&natsConnection_Destroy)>;
using NatsStream = std::unique_ptr<jsCtx, decltype(&jsCtx_Destroy)>;
using NatsSubscription = std::unique_ptr<natsSubscription, decltype(&natsSubscription_Destroy)>;
using NatsMessage = std::unique_ptr<natsMsg, decltype(&natsMsg_Destroy)>;

inline NatsConnection connect_nats(const std::string& url) {
  natsConnection* made = nullptr;
  check(natsConnection_ConnectTo(&made, url.c_str()), "connect to nats-server");
  return {made, &natsConnection_Destroy};
}

inline NatsStream jetstream_of(const NatsConnection& connection) {
  jsCtx* made = nullptr;
  check(natsConnection_JetStream(&made, connection.get(), nullptr), "JetStream");
  return {made, &jsCtx_Destroy};
}

}  // namespace mall::bench
