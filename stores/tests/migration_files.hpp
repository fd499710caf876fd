#pragma once

#include <span>

#include "pkg/embed/embedded_file.hpp"

namespace stores::tests {

/// internal/adapters/migrations/*.sql
std::span<const pkg::embed::EmbeddedFile> migration_files();

}  // namespace stores::tests
