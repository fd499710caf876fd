#pragma once
// Random secrets that people or machines carry, and what is stored of them.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pkg::auth {

/// From the kernel's generator. A kernel that has none stops the process: nothing safe can be done without.
void fill_random(std::span<std::uint8_t> bytes);

/// 32 random bytes as 43 letters of base64url: a refresh token.
std::string random_token();

std::array<std::uint8_t, 32> sha256(std::string_view text);

/// SHA-256 as 64 lower-case hexadecimal digits: what is stored of a random token, so that a stolen table opens nothing. Not for
/// passwords, which can be guessed.
std::string token_digest(std::string_view token);

/// Takes the same time wherever the two differ; their lengths are no secret.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace pkg::auth
