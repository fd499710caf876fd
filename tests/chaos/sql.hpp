#pragma once

#include <string>

namespace mall::chaos {

/// Runs statements on a connection of its own and gives the first column of the last one's first row, empty where there is none. Throws
/// std::runtime_error with the server's words.
std::string run_sql(const std::string& connection_string, const std::string& statements);

}  // namespace mall::chaos
