#pragma once
// The clients' log, read back from its file: what was asked for and what the mall has acknowledged, order by order.

#include <cstdint>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "tests/chaos/run.hpp"

namespace mall::chaos {

struct OrderFacts {
  int number = -1;
  std::string plan;                                                  ///< the kind
  std::string user;                                                  ///< name
  std::vector<std::tuple<std::string, int, std::int64_t>> lines;     ///< product, quantity, price
  std::int64_t total = 0;
  std::string basket;  ///< empty where none was acknowledged
  std::size_t items = 0;  ///< acknowledged
  std::vector<std::string> payments;  ///< acknowledged
  std::string payment;                ///< named at the checkout
  bool checkout_asked = false;
  bool checked_out = false;       ///< acknowledged, or found out by reading
  bool canceled = false;          ///< likewise
  bool paid = false;              ///< likewise
  bool invoice_canceled = false;  ///< likewise
  Millis asked_at = 0;            ///< the first request to check out
  Millis checked_out_at = 0;      ///< its acknowledgement
  Millis decided_at = 0;          ///< by ordering's own clock; 0 where nobody saw it
  std::string end;                ///< the final state that was seen
  std::string code;               ///< of a rejection
};

/// By number; one that never began has none. Throws std::runtime_error where the file cannot be understood.
std::vector<OrderFacts> read_ledger(const std::filesystem::path& file);

}  // namespace mall::chaos
