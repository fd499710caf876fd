#pragma once
// The business rejections of all services, and how each is provoked.

#include <span>
#include <utility>

#include "tests/mall/world.hpp"

namespace mall::testing {

struct Rejection {
  const char* name;  ///< service.code
  int status;
  Answer (*provoke)(World&);
};

/// A rejection of a saga's command. Who checked out, and the order.
struct RejectedOrder {
  const char* name;
  std::pair<Visitor, std::string> (*check_out)(World&);
};

/// One that no caller meets.
struct Hidden {
  const char* name;
  const char* why;
};

std::span<const Rejection> rejections_of_accounts();
std::span<const Rejection> rejections_of_the_shop();
std::span<const Rejection> rejections_of_payments();
/// In a mall with one bot.
std::span<const Rejection> rejections_in_the_depot();
std::span<const RejectedOrder> rejections_of_orders();
std::span<const Hidden> rejections_that_nobody_sees();

}  // namespace mall::testing
