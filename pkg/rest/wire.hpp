#pragma once
// Internal to pkg/rest: between what stands on the wire and our plain requests and answers.

#include <string>
#include <string_view>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "pkg/rest/http.hpp"

namespace pkg::rest {

inline std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

/// Takes the body out of the message.
Request take_request(boost::beast::http::request<boost::beast::http::string_body>& message, Verb verb, const Correlation& correlation);

/// Status line and header, to the empty line.
std::string head_of(const Response& response, const Correlation& correlation, bool keep_alive, bool is_http_1_0);

}  // namespace pkg::rest
