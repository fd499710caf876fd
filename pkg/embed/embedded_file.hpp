#pragma once
// A file whose bytes are part of the program; see mall_embed() in cmake/Generate.cmake.

#include <span>
#include <string_view>

namespace pkg::embed {

struct EmbeddedFile {
  std::string_view name;  ///< without its folder
  std::string_view bytes;
};

}  // namespace pkg::embed
