#pragma once
// Files that are part of the program; see mall_service() in cmake/Service.cmake.

#include <span>

#include "pkg/embed/embedded_file.hpp"

namespace depot::agent {

std::span<const pkg::embed::EmbeddedFile> migration_files();
std::span<const pkg::embed::EmbeddedFile> descriptor_files();
std::span<const pkg::embed::EmbeddedFile> default_settings();

}  // namespace depot::agent
