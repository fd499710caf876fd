#include "notifications/tests/running_notifications.hpp"

#include "pkg/config/read.hpp"
#include "pkg/messaging/nats/nats_broker.hpp"
#include "pkg/testing/wait.hpp"

namespace notifications::tests {

using namespace std::chrono_literals;

TokenIssuer::TokenIssuer() : site_(pkg::rest::Site::Parts{{}, {}, ids_}), server_({.address = "127.0.0.1"}, site_, workers_) {
  site_.add_get("/jwks", [keys = signer_.key().jwks()](const pkg::rest::Request&) {
    pkg::rest::Response response;
    response.content_type = "application/json";
    response.body = keys;
    return response;
  });
  const auto started = server_.start();
  if (!started) ADD_FAILURE() << started.error().detail;
}

std::string TokenIssuer::token(const std::string& user, std::vector<std::string> roles) const {
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
  return signer_
      .issue({.subject = user,
              .roles = std::move(roles),
              .session = "s",
              .issued_at = now,
              .expires_at = now + 15min,
              .issuer = "mallbots",
              .audience = "mallbots"})
      .value();
}

RunningNotifications::RunningNotifications(Settings settings) : settings_(std::move(settings)) {
  settings_["NOTIFICATIONS_HTTP_PORT"] = "0";
  settings_["NOTIFICATIONS_GRPC_PORT"] = "0";
  settings_["NOTIFICATIONS_DATABASE_URL"] = database_.connection_string();
  settings_["NATS_URL"] = nats_.url();
  settings_["JWKS_URL"] = issuer_.jwks_url();
  broker_ = pkg::messaging::create_nats_broker({.url = nats_.url(), .name = "test"});
  start();
}

RunningNotifications::~RunningNotifications() { stop(); }

void RunningNotifications::start() {
  log_ = std::make_unique<pkg::log::MemoryOutput>();
  blueprint_ = agent::blueprint();
  pkg::config::Spec spec(std::string(blueprint_->service()), std::string(blueprint_->defaults()));
  blueprint_->declare(spec);
  const auto verdict = pkg::config::read(spec, {{}, settings_});
  ASSERT_TRUE(verdict.proceed) << verdict.output;
  agent_ = blueprint_->build({clock_, ids_, *log_});
  const auto started = agent_->start({});
  ASSERT_TRUE(started) << started.error().detail;
  for (const auto& entry : log_->entries()) {
    if (entry.message == "at work") port_ = static_cast<std::uint16_t>(std::stoi(entry.field("httpPort")));
  }
  pkg::testing::wait_until([this] { return get("/readiness", "").status == 200; }, "the service is ready");
}

void RunningNotifications::stop() {
  if (agent_) agent_->stop(std::chrono::steady_clock::now() + 10s);
  agent_.reset();
}

RawAnswer RunningNotifications::ask(const std::string& verb, const std::string& path, const std::string& token, const std::string& json) {
  std::string request = verb + " " + path + " HTTP/1.1\r\nHost: mall\r\n";
  if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
  if (!json.empty()) request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) + "\r\n";
  return pkg::rest::testing::RawClient(port_).ask(request + "\r\n" + json);
}

void RunningNotifications::publish(const std::string& channel, const std::string& key, const google::protobuf::Message& payload) {
  pkg::messaging::Message message;
  message.id = new_id().to_string();
  message.type = payload.GetDescriptor()->full_name();
  message.source = "/mallbots/test";
  message.subject = key;
  message.channel = channel;
  message.key = key;
  message.time = clock_.now();
  message.correlation_id = message.id;
  message.causation_id = message.id;
  message.aggregate_version = 1;
  message.payload = payload.SerializeAsString();
  std::atomic<bool> stored = false;
  broker_->publish(message, [&stored](pkg::messaging::PublishResult result) { stored = result.has_value(); });
  pkg::testing::wait_until([&stored] { return stored.load(); }, "the event server has stored " + message.type);
}

std::string text_of(const std::string& json, const std::string& name) {
  const auto at = json.find("\"" + name + "\"");
  if (at == std::string::npos) return {};
  const auto begin = json.find('"', json.find(':', at)) + 1;
  return json.substr(begin, json.find('"', begin) - begin);
}

}  // namespace notifications::tests
