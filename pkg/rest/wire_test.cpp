#include "pkg/rest/wire.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pkg::rest {
namespace {

namespace http = boost::beast::http;

/// As a connection does it: what the parser does not take stays and is given again with what comes next.
boost::system::error_code feed_in_pieces(std::string_view bytes, std::size_t size, Parser& parser) {
  std::string buffer;
  while (!parser.is_done()) {
    boost::system::error_code error;
    buffer.erase(0, feed(parser, boost::asio::buffer(buffer), error));
    if (error && error != http::error::need_more) return error;
    if (parser.is_done() || (!error && !buffer.empty())) continue;
    if (bytes.empty()) return http::error::need_more;
    buffer += bytes.substr(0, size);
    bytes.remove_prefix(std::min(size, bytes.size()));
  }
  return {};
}

TEST(Feed, TakesAChunkedBodyInPiecesOfAnySize) {
  const std::string head = "PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const auto& [chunks, body] :
       {std::pair{"0\r\n\r\n", ""}, {"3\r\nabc\r\n0\r\n\r\n", "abc"}, {"1;e=f\r\na\r\n0;g\r\nTrailer: t\r\n\r\n", "a"}}) {
    for (std::size_t size = 1; size <= head.size() + 30; ++size) {
      Parser parser;
      EXPECT_FALSE(feed_in_pieces(head + chunks, size, parser)) << chunks << " in pieces of " << size;
      EXPECT_EQ(parser.get().body(), body);
    }
  }
}

// Once this ended the process: a last chunk's line, and then one byte more.
TEST(Feed, WaitsForTheRestOfALastChunkThatComesByteByByte) {
  for (const char* rest : {"0\r\n", "0\r\n\r", "0\r\nx", "0;x\r\n\r"}) {
    Parser parser;
    EXPECT_EQ(feed_in_pieces("PUT /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(rest), 1, parser),
              http::error::need_more)
        << rest;
  }
}

}  // namespace
}  // namespace pkg::rest
