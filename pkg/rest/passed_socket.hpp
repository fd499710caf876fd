#pragma once
// Internal to pkg/rest: a listening socket that another process has opened.

#include <boost/asio/ip/tcp.hpp>

namespace pkg::rest {

/// Throws boost::system::system_error where the descriptor is no TCP socket that listens; the acceptor owns it otherwise.
void adopt(boost::asio::ip::tcp::acceptor& acceptor, int descriptor);

/// True where somebody waits in the socket's queue, for this process or for another.
bool has_callers(boost::asio::ip::tcp::acceptor& acceptor);

}  // namespace pkg::rest
