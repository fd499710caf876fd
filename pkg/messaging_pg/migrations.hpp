#pragma once

#include <span>

#include "pkg/embed/embedded_file.hpp"

namespace pkg::messaging_pg {

/// The tables of outbox, inbox and parking lot: for postgres::embedded_migrations("messaging", messaging_pg::migration_files()).
std::span<const embed::EmbeddedFile> migration_files();

}  // namespace pkg::messaging_pg
