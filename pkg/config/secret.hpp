#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace pkg::config {

/// Text that must not be shown. It has no conversion, no output operator and no comparison, so neither a log line nor a format
/// string takes it; who needs it says so: reveal().
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

}  // namespace pkg::config
