#pragma once

#include <span>

#include "pkg/embed/embedded_file.hpp"

namespace pkg::postgres::test_migrations {

/// testdata/*.sql
std::span<const embed::EmbeddedFile> files();

}  // namespace pkg::postgres::test_migrations
