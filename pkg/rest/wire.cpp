#include "pkg/rest/wire.hpp"

#include <array>
#include <ctime>

namespace pkg::rest {

namespace http = boost::beast::http;

std::size_t feed(Parser& parser, boost::asio::const_buffer bytes, boost::system::error_code& error) {
  // Given fewer bytes than five for the second time, the first of them a last chunk's line, Boost 1.81 fails an assertion, which ends the
  // process (its issue 2861). A chunked body never lacks fewer until it ends ("0", CR LF, CR LF), so nothing is lost by waiting for them.
  constexpr std::size_t least = 5;
  const bool may_be_last = bytes.size() > 0 && *static_cast<const char*>(bytes.data()) == '0';
  if (parser.is_header_done() && parser.chunked() && bytes.size() < least && may_be_last) {
    error = http::error::need_more;
    return 0;
  }
  return parser.put(bytes, error);
}

Request take_request(http::request<http::string_body>& message, Verb verb, const Correlation& correlation) {
  Request request{.verb = verb, .body = std::move(message.body()), .correlation = correlation};
  std::string_view target = view(message.target());
  if (!target.starts_with('/')) {  // http://host/path, as for a proxy
    const auto host = target.find("://");
    const auto path = host == std::string_view::npos ? std::string_view::npos : target.find('/', host + 3);
    if (path != std::string_view::npos) target.remove_prefix(path);
  }
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string_view::npos) request.query = target.substr(mark + 1);
  request.authorization = view(message[http::field::authorization]);
  request.content_type = view(message[http::field::content_type]);
  request.if_match = view(message[http::field::if_match]);
  return request;
}

std::string head_of(const Response& response, const Correlation& correlation, bool keep_alive, bool is_http_1_0) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  head += reason(response.status);
  const auto add = [&head](std::string_view name, std::string_view value) { head.append("\r\n").append(name).append(": ").append(value); };
  std::array<char, 40> date{};
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  add("Date", {date.data(), std::strftime(date.data(), date.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)});
  if (!response.content_type.empty()) add("Content-Type", response.content_type);
  if (response.status != 204 && response.status != 304) add("Content-Length", std::to_string(response.content().size()));
  for (const Header& header : response.headers) add(header.name, header.value);
  add("X-Content-Type-Options", "nosniff");
  add("X-Request-Id", correlation.request_id);
  if (!keep_alive) {
    add("Connection", "close");
  } else if (is_http_1_0) {
    add("Connection", "keep-alive");
  }
  return head += "\r\n\r\n";
}

}  // namespace pkg::rest
