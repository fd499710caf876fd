#pragma once
// Somebody who is signed in and calls the mall's services over REST.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <google/protobuf/message.h>

#include "tests/chaos/http.hpp"
#include "tests/chaos/mall_under_fire.hpp"
#include "tests/chaos/run.hpp"

namespace mall::chaos {

/// Not for several threads at once.
class Caller {
 public:
  Caller(const Ports& ports, Run& run, std::string username, std::string password);

  /// Until it has worked or nobody can expect it any more.
  void sign_up();
  void sign_in();
  /// Uses the other's session, of the same person.
  void join(const Caller& other) { token_ = other.token_, id_ = other.id_; }

  /// `path` counts from /api/v1. `version`: the one that must be the present one. An expired session is renewed. An answer that tells of a
  /// bug whatever was asked (500) is a finding.
  Reply ask(std::string_view service, std::string_view verb, std::string_view path, std::string_view body = {}, std::uint64_t version = 0);
  Reply get(std::string_view service, std::string_view path) { return ask(service, "GET", path); }
  Reply post(std::string_view service, std::string_view path, std::string_view body = "{}", std::uint64_t version = 0) {
    return ask(service, "POST", path, body, version);
  }
  /// For what cannot go wrong but by a fault: asks until the answer is fine. A refusal is a finding.
  Reply must(std::string_view service, std::string_view verb, std::string_view path, std::string_view body = {});

  /// What signs in, as JSON.
  std::string credentials() const { return R"({"username":")" + username_ + R"(","password":")" + password_ + "\"}"; }
  Run& run() { return run_; }
  const std::string& username() const { return username_; }
  const std::string& id() const { return id_; }

 private:
  static constexpr std::chrono::milliseconds patience{5'000};
  Reply send(std::string_view service, std::string_view verb, std::string_view path, std::string_view body, std::uint64_t version);

  Run& run_;
  std::map<std::string, std::unique_ptr<Http>, std::less<>> connections_;
  const std::string username_, password_;
  std::string id_, token_;
};

/// The answer's body as a message. One that cannot be read as such is a finding, and false.
bool read(const Reply& reply, google::protobuf::Message& into, Run& run);

/// `{"currency":"EUR","minorUnits":cents}`
std::string euros(std::int64_t cents);

}  // namespace mall::chaos
