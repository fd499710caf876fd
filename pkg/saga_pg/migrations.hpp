#pragma once

#include <span>

#include "pkg/embed/embedded_file.hpp"

namespace pkg::saga_pg {

/// The tables sagas and saga_history, as steps of the migration set "saga".
std::span<const embed::EmbeddedFile> migrations();

}  // namespace pkg::saga_pg
