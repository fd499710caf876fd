#pragma once

#include <cstdint>
#include <string>

#include "pkg/errors/error.hpp"

namespace search::domain {

/// Why a search says no, the first that applies. The word is the `code` that callers see.
enum class SearchRejection : std::uint8_t {
  query_too_long,  ///< more words than anybody types; see longest_query
  no_such_order,   ///< no order of that id has been heard of
  not_your_order,  ///< only the shopper who ordered, or an operator
};

/// A rejection with what a person needs to know of it.
struct Refusal {
  SearchRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const Refusal& refusal);

}  // namespace search::domain
