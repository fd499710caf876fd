#pragma once
// Golden files: bytes that must never change. One line of hexadecimal digits a file. A missing one is written where MALL_WRITE_GOLDEN is
// set; one that is there is never changed by a test.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace pkg::testing {

inline std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text.push_back(digits[static_cast<unsigned char>(byte) >> 4]);
    text.push_back(digits[static_cast<unsigned char>(byte) & 15]);
  }
  return text;
}

/// The pinned bytes in hexadecimal digits. `bytes` are those that are made today, written where there is no file yet. `path` counts from
/// the repository's root: "baskets/tests/golden/BasketStarted.hex".
inline std::string golden(const std::string& path, std::string_view bytes) {
  if (!std::filesystem::exists(path) && std::getenv("MALL_WRITE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << to_hex(bytes) << "\n";
  }
  std::ifstream file(path);
  std::string pinned;
  EXPECT_TRUE(file) << path << " is missing; MALL_WRITE_GOLDEN=1 writes it";
  std::getline(file, pinned);
  return pinned;
}

/// The bytes are those that are pinned.
inline void expect_golden(const std::string& path, std::string_view bytes) { EXPECT_EQ(to_hex(bytes), golden(path, bytes)) << path; }

inline std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
  return bytes;
}

}  // namespace pkg::testing
