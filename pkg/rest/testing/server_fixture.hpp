#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <mutex>
#include <semaphore>
#include <thread>

#include "pkg/ids/id_sources.hpp"
#include "pkg/rest/server.hpp"
#include "pkg/rest/testing/raw_client.hpp"
#include "pkg/rest/testing/shelf_service.hpp"

namespace pkg::rest::testing {

using namespace std::chrono_literals;

/// A server with the shelf service on a free port, and after each test the proof that it still answers.
class ServerTest : public ::testing::Test {
 protected:
  void start(Limits limits = {}, std::size_t queue = 64, int socket = -1) {
    workers_.emplace("test", rpc::Workers::Size{.threads = 1, .queue_limit = queue});
    server_.emplace(ServerOptions{.address = "127.0.0.1",
                                  .port = 0,
                                  .socket = socket,
                                  .limits = limits,
                                  .log =
                                      [this](const Answered& answered) {
                                        const std::scoped_lock lock(mutex_);
                                        log_.push_back(std::string(to_string(answered.verb)) + ' ' + std::string(answered.route) + ' ' +
                                                       std::to_string(answered.status) + ' ' + answered.correlation.request_id);
                                      }},
                    site_, *workers_);
    const auto started = server_->start();
    ASSERT_TRUE(started) << started.error().detail;
  }

  void TearDown() override {
    go_on_.release(64);  // whoever still waits
    if (!server_ || server_->port() == 0 || stopped_) return;
    RawClient client(server_->port());
    EXPECT_EQ(client.ask(get("/liveness")).body, "ok") << "the server does not answer any more";
    EXPECT_EQ(client.ask(get("/api/v1/shelves/x")).status, 200) << "no worker answers any more";
  }

  static std::string get(std::string_view path, std::string_view more = "") {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(more) + "\r\n";
  }
  static std::string post(std::string_view path, std::string_view body) {
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
  }
  std::vector<std::string> log() {
    const std::scoped_lock lock(mutex_);
    return log_;
  }

  ids::CountingIds ids_;
  std::counting_semaphore<1024> waiting_{0};  ///< released by each call of /files/wait
  std::counting_semaphore<1024> go_on_{0};    ///< lets one of them go on
  std::mutex mutex_;
  std::vector<std::string> log_;
  bool stopped_ = false;
  rpc::Service service_ = shelf_service([this] {
    waiting_.release();
    go_on_.acquire();
  });
  Site site_ = [this] {
    Site site({.services = {&service_}, .authenticate = authenticate, .ids = ids_});
    site.add_get("/liveness", [](const Request&) { return Response{.content_type = "text/plain", .body = "ok"}; });
    return site;
  }();
  std::optional<rpc::Workers> workers_;
  std::optional<Server> server_;
};

}  // namespace pkg::rest::testing
