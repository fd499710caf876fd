#pragma once

#include "payments/internal/domain/ids.hpp"

namespace payments::domain {

/// Who asks for something over the API.
struct Actor {
  UserId user;
  bool is_operator = false;
};

}  // namespace payments::domain
