#pragma once
// Requests and answers as plain values: the API works on these and has never seen a socket.

#include <string>
#include <string_view>
#include <vector>

#include "pkg/rest/correlation.hpp"

namespace pkg::rest {

enum class Verb { get, head, post, put, patch, del, other };

Verb parse_verb(std::string_view word);
std::string_view to_string(Verb verb);

struct Request {
  Verb verb = Verb::other;
  std::string path = {};   ///< as it was sent, still percent-encoded, without the query
  std::string query = {};  ///< likewise, without the question mark
  std::string authorization = {};
  std::string content_type = {};
  std::string if_match = {};
  std::string body = {};
  Correlation correlation = {};
};

struct Header {
  std::string name;
  std::string value;
};

struct Response {
  int status = 200;
  std::string content_type = {};  ///< empty: there is no body
  std::string body = {};
  std::string_view static_body = {};  ///< instead of `body`: bytes that outlive the server
  std::vector<Header> headers = {};

  std::string_view content() const { return static_body.empty() ? std::string_view(body) : static_body; }
};

/// "Not Found" for 404; empty for a status that we never send.
std::string_view reason(int status);

}  // namespace pkg::rest
