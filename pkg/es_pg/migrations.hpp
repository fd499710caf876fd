#pragma once

#include <span>

#include "pkg/embed/embedded_file.hpp"

namespace pkg::es_pg {

/// The tables `events` and `snapshots`: for postgres::embedded_migrations("es", es_pg::migration_files()).
std::span<const embed::EmbeddedFile> migration_files();

}  // namespace pkg::es_pg
