#pragma once

#include <span>

#include "pkg/embed/embedded_file.hpp"

namespace pkg::saga_pg {

/// The tables sagas and saga_history, for postgres::embedded_migrations("saga", saga_pg::migration_files()).
std::span<const embed::EmbeddedFile> migration_files();

}  // namespace pkg::saga_pg
