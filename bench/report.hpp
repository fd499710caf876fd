#pragma once

#include <filesystem>
#include <string>

#include "bench/figures.hpp"

namespace mall::bench {

std::string for_people(const Figures& figures, const std::filesystem::path& history);
std::string as_json(const Figures& figures);

/// How latency grows with the load, as a picture of characters.
std::string picture_of_the_knee(const std::vector<Open>& steps);

}  // namespace mall::bench
