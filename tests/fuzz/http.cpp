// Requests as they come from a socket, up to the answer's bytes. Input: a request. It is fed in two ways, whole and byte by byte, to the
// parser that pkg/rest's connections use, with small limits; what it is understood as, is answered by the service of pkg/rest's tests.

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/parse.hpp>
#include <optional>

#include "pkg/ids/id_sources.hpp"
#include "pkg/rest/correlation.hpp"
#include "pkg/rest/site.hpp"
#include "pkg/rest/testing/shelf_service.hpp"
#include "pkg/rest/wire.hpp"  // lint-allow: driver-headers: the parser between the socket and pkg/rest is what is fed here
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace {

namespace beast = boost::beast::http;
namespace rest = pkg::rest;
using rest::Parser;

constexpr std::uint64_t most_body = 1024;

/// True where the request is complete; what follows it is another one's. As a connection does it, `step` bytes coming at a time.
bool take(std::string_view bytes, std::size_t step, Parser& parser) {
  parser.header_limit(2048);
  parser.body_limit(most_body);
  std::size_t begin = 0;
  std::size_t end = 0;
  for (boost::system::error_code error; !parser.is_done();) {
    if (begin == end || error == beast::error::need_more) {
      if (end == bytes.size()) return false;
      end = std::min(end + step, bytes.size());
    }
    error = {};
    begin += rest::feed(parser, boost::asio::buffer(bytes.data() + begin, end - begin), error);
    if (error && error != beast::error::need_more) return false;
  }
  return true;
}

struct Served {
  pkg::ids::CountingIds ids;
  pkg::rpc::Service service = rest::testing::shelf_service();
  rest::Site site{{.services = {&service}, .authenticate = rest::testing::authenticate, .ids = ids}};
};

Served& served() {
  static Served served;
  return served;
}

bool same(const rest::Request& a, const rest::Request& b) {
  return a.verb == b.verb && a.path == b.path && a.query == b.query && a.authorization == b.authorization &&
         a.content_type == b.content_type && a.if_match == b.if_match && a.body == b.body;
}

/// The answer as a client reads it: one answer, nothing after it, of the same status and content.
void promise_answer(const rest::Response& response, const std::string& head) {
  beast::response_parser<beast::string_body> parser;
  boost::system::error_code error;
  const std::string bytes = head + std::string(response.content());
  parser.eager(true);
  const auto used = parser.put(boost::asio::buffer(bytes), error);
  fuzz::promise(!error && parser.is_done() && used == bytes.size(), "an answer is well-formed and one");
  fuzz::promise(parser.get().result_int() == static_cast<unsigned>(response.status), "an answer has its status");
  fuzz::promise_same(parser.get().body(), response.content(), "an answer has its content");
}

void promise_content(const rest::Response& response) {
  fuzz::promise(!rest::reason(response.status).empty(), "a status is one that we know");
  if (response.content_type.empty()) return fuzz::promise(response.content().empty(), "no content without a type");
  fuzz::promise(fuzz::is_utf8(response.content()), "content is UTF-8");
  boost::system::error_code error;
  const auto json = boost::json::parse(boost::json::string_view(response.content().data(), response.content().size()), error);
  fuzz::promise(!error && json.is_object(), "content is a JSON object");
  if (response.status < 400) return;
  const auto& problem = json.as_object();
  fuzz::promise(response.content_type == "application/problem+json" && problem.at("status").as_int64() == response.status,
                "a failure is a problem");
  for (const auto* name : {"code", "detail", "traceId"})
    fuzz::promise(!problem.at(name).as_string().empty(), "a problem says code, detail and trace");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = fuzz::as_text(data, size);
  std::array<std::optional<Parser>, 2> parsers;
  std::array<rest::Request, 2> requests;
  std::array<bool, 2> complete{};
  auto& site = served().site;
  for (std::size_t i = 0; i < 2; ++i) {
    parsers[i].emplace();
    complete[i] = take(bytes, i == 0 ? bytes.size() : 1, *parsers[i]);
    if (!complete[i]) continue;
    auto& head = parsers[i]->get();
    const auto verb = rest::parse_verb(rest::view(head.method_string()));
    requests[i] =
        rest::take_request(head, verb, rest::correlate(rest::view(head["X-Request-Id"]), rest::view(head["traceparent"]), site.ids()));
  }
  fuzz::promise(complete[0] == complete[1], "a request is complete however it comes");
  if (!complete[0]) return 0;
  const auto& request = requests[0];
  fuzz::promise(same(request, requests[1]), "a request is the same however it comes");
  fuzz::promise(request.body.size() <= most_body, "a body is within its limit");

  auto plan = site.plan(request);
  fuzz::promise(plan.answer.has_value() != (plan.call != nullptr), "a request is answered or there is a call to run");
  const auto answer = plan.answer ? std::move(*plan.answer) : site.call(plan, request, std::chrono::steady_clock::now());
  promise_content(answer);
  // The service of the tests fails where it is asked for a broken shelf.
  const bool asked_for = plan.call != nullptr && !plan.path_values.empty() && plan.path_values.back() == "broken";
  fuzz::promise(answer.status != 500 || asked_for, "nothing that a caller sends is our fault");
  promise_answer(answer, rest::head_of(answer, request.correlation, true, parsers[0]->get().version() == 10));
  return 0;
}
