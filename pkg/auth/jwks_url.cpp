#include "pkg/auth/jwks_url.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/url/parse.hpp>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace pkg::auth {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Response = http::response<http::string_body>;
using asio::use_awaitable;

constexpr std::size_t longest_answer = 64 * 1024;

std::unexpected<errors::Error> no_keys(std::string_view why) {
  return errors::fail(errors::ErrorKind::unavailable, "keys_unavailable",
                      fmt::format("the keys of access tokens cannot be fetched: {}", why));
}

struct Target {
  bool encrypted = false;
  std::string host, port;
  std::string authority;  ///< as it stands in the url
  std::string path;       ///< with the query
};

std::optional<Target> target_of(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || (parsed->scheme() != "http" && parsed->scheme() != "https")) return std::nullopt;
  Target target{.encrypted = parsed->scheme() == "https",
                .host = parsed->host_address(),
                .port = parsed->port(),
                .authority = std::string(parsed->encoded_host_and_port()),
                .path = std::string(parsed->encoded_target())};
  if (target.port.empty()) target.port = target.encrypted ? "443" : "80";
  if (!target.path.starts_with('/')) target.path.insert(0, "/");
  return target;
}

template <class Stream>
asio::awaitable<Response> ask(Stream& stream, const Target& target) {
  constexpr unsigned http_1_1 = 11;
  http::request<http::empty_body> request(http::verb::get, target.path, http_1_1);
  request.set(http::field::host, target.authority);
  request.set(http::field::connection, "close");
  co_await http::async_write(stream, request, use_awaitable);
  http::response_parser<http::string_body> parser;
  parser.body_limit(longest_answer);
  beast::flat_buffer buffer;
  co_await http::async_read(stream, buffer, parser, use_awaitable);
  co_return parser.release();
}

asio::awaitable<Response> ask(const Target& target) {
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver(executor);
  const auto places = co_await resolver.async_resolve(target.host, target.port, use_awaitable);
  if (!target.encrypted) {
    beast::tcp_stream stream(executor);
    co_await stream.async_connect(places, use_awaitable);
    co_return co_await ask(stream, target);
  }
  asio::ssl::context context(asio::ssl::context::tls_client);
  context.set_default_verify_paths();
  beast::ssl_stream<beast::tcp_stream> stream(executor, context);
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification(target.host));
  if (SSL_set_tlsext_host_name(stream.native_handle(), target.host.c_str()) != 1) throw std::runtime_error("the host's name is no name");
  co_await beast::get_lowest_layer(stream).async_connect(places, use_awaitable);
  co_await stream.async_handshake(asio::ssl::stream_base::client, use_awaitable);
  co_return co_await ask(stream, target);
}

errors::Result<std::string> fetch(const std::string& url, std::chrono::milliseconds timeout) {
  const auto target = target_of(url);
  if (!target) return no_keys("this is no http(s) url: " + url);
  std::optional<Response> response;
  std::string why = "no answer in time";
  asio::io_context io;
  asio::co_spawn(io, ask(*target), [&](const std::exception_ptr& error, Response answer) {
    try {
      if (error) std::rethrow_exception(error);
      response = std::move(answer);
    } catch (const std::exception& broken) {
      why = broken.what();
    }
  });
  io.run_for(timeout);
  if (!response) return no_keys(why);
  if (response->result() != http::status::ok) return no_keys(fmt::format("the answer's status is {}", response->result_int()));
  return std::move(response->body());
}

}  // namespace

KeySet::Fetch keys_at(std::string url, std::chrono::milliseconds timeout) {
  return [url = std::move(url), timeout] { return fetch(url, timeout); };
}

}  // namespace pkg::auth
