#pragma once

#include <cstdint>
#include <string>

#include "pkg/errors/error.hpp"

namespace stores::domain {

/// Why a store says no, the first that applies. The word is the `code` that callers see.
enum class StoreRejection : std::uint8_t {
  no_such_store,           ///< it was never created
  not_your_store,          ///< only its owner or an operator changes it
  store_name_blank,        ///< a name is more than white space
  store_name_too_long,     ///< a name has at most 200 bytes
  store_location_blank,    ///< so is a location
  store_location_too_long, ///< a location has at most 200 bytes
};

/// A rejection with what a person needs to know of it.
struct StoreRejected {
  StoreRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const StoreRejected& rejected);

}  // namespace stores::domain
