#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/ids/uuid.hpp"
#include "search/internal/app/ports.hpp"

namespace search::adapters::pg {

/// How an order's items are written down (order_items.proto), all but their products and stores, which stand beside them; tests/golden has
/// the bytes.
std::string encode_items(const std::vector<app::OrderedItem>& items);
/// Fails with `internal`, code "unreadable_row".
pkg::errors::Result<std::vector<app::OrderedItem>> decode_items(std::string_view bytes, std::span<const pkg::ids::Uuid> products,
                                                                std::span<const pkg::ids::Uuid> stores);

}  // namespace search::adapters::pg
