#pragma once

#include <span>

#include "pkg/embed/embedded_file.hpp"

namespace payments::adapters {

/// The tables of payments: for postgres::embedded_migrations("payments", migration_files()).
std::span<const pkg::embed::EmbeddedFile> migration_files();

}  // namespace payments::adapters
