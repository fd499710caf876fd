// Not a part of the product: a reader with two bugs, by which the machinery shows that it finds some. Input "bug!" reads a byte too far;
// "bug?" breaks a promise.

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::as_text(data, size);
  if (!text.starts_with("bug")) return 0;
  fuzz::promise(!text.starts_with("bug?"), "a planted promise is kept");
  const volatile std::uint8_t* const bytes = data;
  if (text.starts_with("bug!")) static_cast<void>(bytes[size]);
  return 0;
}
