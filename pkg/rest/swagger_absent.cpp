#include "pkg/rest/swagger.hpp"

namespace pkg::rest {

// Built instead of the embedded files where SWAGGER_UI_DIR has none.
std::span<const embed::EmbeddedFile> swagger_files() { return {}; }

}  // namespace pkg::rest
