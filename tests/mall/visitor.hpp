#pragma once
// Somebody in front of the mall: calls over REST, with or without a session.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <google/protobuf/message.h>
#include <gtest/gtest.h>

namespace mall::testing {

struct Answer {
  int status = 0;  ///< 0 where the service closed the connection, or none was there
  std::string body;
  std::map<std::string, std::string> headers;  ///< names in lower case

  /// The body as a message; the test fails where it cannot be read as one.
  template <class P>
  P as() const {
    P message;
    read(message);
    return message;
  }
  /// `code` of a problem; "id", "orderId" of an answer: the text between the quotes behind `"name":`, empty where there is none.
  std::string text(std::string_view name) const;
  std::string code() const { return text("code"); }

 private:
  void read(google::protobuf::Message& into) const;
};

/// Who answers at this path, counted from /api/v1.
std::string_view service_of(std::string_view path);

/// Where each service's REST port is.
using HttpPorts = std::map<std::string, std::uint16_t, std::less<>>;

class Visitor {
 public:
  /// Everybody's who registered with register_as().
  static constexpr const char* password = "correct horse battery";

  /// The ports outlive the visitor.
  explicit Visitor(const HttpPorts& ports) : ports_(ports) {}

  /// Registers under a new name and signs in.
  void register_as(std::string_view role_in_the_test);
  /// Signs in (again): a role that was granted comes with the next token.
  void sign_in(const std::string& username, const std::string& with_password);
  void sign_in_again() { sign_in(username_, password_); }

  /// `path` counts from /api/v1 where it does not begin with it.
  Answer ask(std::string_view verb, std::string_view path, std::string_view body = {}, std::string_view more_headers = {}) const;
  Answer get(std::string_view path) const { return ask("GET", path); }
  Answer post(std::string_view path, std::string_view body = "{}") const { return ask("POST", path, body); }

  /// What must go well: the test fails with the problem where it does not.
  template <class P>
  P see(std::string_view path) const {
    const auto answer = get(path);
    EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
    return answer.as<P>();
  }
  Answer done(std::string_view path, std::string_view body = "{}") const;

  /// Asks until the answer fits; gives the last one. A call that is refused meanwhile is asked again.
  template <class P, class Fits>
  P await(std::string_view path, Fits fits, std::string_view what, std::chrono::milliseconds limit = std::chrono::seconds{20}) const {
    P seen;
    poll(path, what, limit, [&](const Answer& answer) {
      seen = answer.as<P>();
      return static_cast<bool>(fits(seen));
    });
    return seen;
  }

  const std::string& id() const { return id_; }
  const std::string& username() const { return username_; }
  const std::string& token() const { return token_; }
  const std::string& refresh_token() const { return refresh_token_; }
  void use_token(std::string token) { token_ = std::move(token); }

 private:
  void poll(std::string_view path, std::string_view what, std::chrono::milliseconds limit,
            const std::function<bool(const Answer&)>& fits) const;

  const HttpPorts& ports_;
  std::string username_, password_, id_, token_, refresh_token_;
};

}  // namespace mall::testing
