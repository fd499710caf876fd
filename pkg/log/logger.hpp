#pragma once
// Structured logging, handed to whoever needs it as log::Logger&. There is no global one.
//
//   logger.info("order approved", {{"orderId", id}, {"ms", 12}});
//   const auto mine = logger.with({{"correlationId", cause.correlation_id}});
//   mine.warn("cannot publish", error, {{"try", 3}});

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/log/entry.hpp"

namespace pkg::log {

/// Where entries go. Safe to call from any thread; never throws and never waits without a limit.
class Output {
 public:
  virtual ~Output() = default;
  virtual void write(const Entry& entry) noexcept = 0;
};

using Fields = std::initializer_list<Field>;

/// A value: copies and what with() returns write to the same output, which must outlive them, as the clock must. Safe to use from
/// any thread. A field's text is masked when its name says that it is a secret (password, secret, token, authorization, cookie).
class Logger {
 public:
  /// Says nothing.
  Logger() = default;
  Logger(Output& output, const clock::Clock& clock, std::string service, Level least);

  void debug(std::string_view message, Fields fields = {}) const { log(Level::debug, message, nullptr, fields); }
  void info(std::string_view message, Fields fields = {}) const { log(Level::info, message, nullptr, fields); }
  void warn(std::string_view message, Fields fields = {}) const { log(Level::warn, message, nullptr, fields); }
  void error(std::string_view message, Fields fields = {}) const { log(Level::error, message, nullptr, fields); }

  /// With the failure's code and detail as fields.
  void info(std::string_view message, const errors::Error& failure, Fields fields = {}) const {
    log(Level::info, message, &failure, fields);
  }
  void warn(std::string_view message, const errors::Error& failure, Fields fields = {}) const {
    log(Level::warn, message, &failure, fields);
  }
  void error(std::string_view message, const errors::Error& failure, Fields fields = {}) const {
    log(Level::error, message, &failure, fields);
  }

  /// A logger that adds these fields to every entry. Costs the copies of the context's texts.
  Logger with(Fields fields) const;

  bool is_enabled(Level level) const { return output_ != nullptr && level >= least_; }

 private:
  using Owned = std::variant<std::string, std::int64_t, std::uint64_t, double, bool>;

  void log(Level level, std::string_view message, const errors::Error* failure, Fields fields) const;

  Output* output_ = nullptr;
  const clock::Clock* clock_ = nullptr;
  std::string service_;
  Level least_ = Level::info;
  std::vector<std::pair<std::string, Owned>> context_;
};

}  // namespace pkg::log
