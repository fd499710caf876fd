#pragma once
// Internal to pkg/rest: between what stands on the wire and our plain requests and answers.

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "pkg/rest/http.hpp"

namespace pkg::rest {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// Gives the parser what has come and returns how much of it was taken; `need_more` where that is too little to go on.
std::size_t feed(Parser& parser, boost::asio::const_buffer bytes, boost::system::error_code& error);

inline std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

/// Takes the body out of the message.
Request take_request(boost::beast::http::request<boost::beast::http::string_body>& message, Verb verb, const Correlation& correlation);

/// Status line and header, to the empty line.
std::string head_of(const Response& response, const Correlation& correlation, bool keep_alive, bool is_http_1_0);

}  // namespace pkg::rest
