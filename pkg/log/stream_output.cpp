#include "pkg/log/stream_output.hpp"

#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <cerrno>

#include "pkg/log/render.hpp"

namespace pkg::log {
namespace {

/// Up to this many bytes a pipe that poll() calls writable takes without blocking (pipe(7): PIPE_BUF).
constexpr std::size_t safe_write = 4096;

class PatientSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  PatientSink(int descriptor, std::chrono::milliseconds patience, Format format)
      : descriptor_(descriptor), patience_(patience), format_(format) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    if (dropped_ > 0) {
      const auto notice = missing(message);
      if (!write_line({notice.data(), notice.size()})) {
        ++dropped_;
        return;
      }
      dropped_ = 0;
    }
    if (!write_line({line.data(), line.size()})) dropped_ = 1;
  }
  void flush_() override {}

  std::string missing(const spdlog::details::log_msg& message) const {
    const Entry entry{.time = std::chrono::time_point_cast<clock::Duration>(message.time),
                      .level = Level::warn,
                      .service = {message.logger_name.data(), message.logger_name.size()},
                      .message = "log lines are missing: the reader was too slow",
                      .fields = {{"lines", dropped_}}};
    return (format_ == Format::json ? render_json(entry) : render_text(entry)) + "\n";
  }

  /// False when there was no room in time; what was written of the line until then is ended by the next one's line feed.
  bool write_line(std::string_view line) {
    std::string ended;
    if (is_torn_) {
      ended = "\n" + std::string(line);
      line = ended;
    }
    const auto whole = line.size();
    const auto give_up = std::chrono::steady_clock::now() + (dropped_ > 0 ? std::chrono::milliseconds{0} : patience_);
    while (!line.empty()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(give_up - std::chrono::steady_clock::now());
      pollfd ready{descriptor_, POLLOUT, 0};
      const int polled = poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
      if (polled < 0 && errno == EINTR) continue;
      if (polled <= 0) break;
      const auto written = ::write(descriptor_, line.data(), std::min(line.size(), safe_write));
      if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (written < 0) break;
      line.remove_prefix(static_cast<std::size_t>(written));
    }
    if (line.empty()) {
      is_torn_ = false;
    } else if (line.size() < whole) {
      is_torn_ = true;
    }
    return line.empty();
  }

  int descriptor_;
  std::chrono::milliseconds patience_;
  Format format_;
  std::uint64_t dropped_ = 0;
  bool is_torn_ = false;
};

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warn: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

class StreamOutput final : public Output {
 public:
  explicit StreamOutput(const StreamOptions& options)
      : format_(options.format), sink_(options.descriptor, options.patience, options.format) {
    // The line is rendered here, fields and all; spdlog adds its end and keeps lines whole.
    sink_.set_formatter(std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc));
  }

  void write(const Entry& entry) noexcept override {
    try {
      const auto line = format_ == Format::json ? render_json(entry) : render_text(entry);
      spdlog::details::log_msg message(entry.time, {}, {entry.service.data(), entry.service.size()}, spdlog_level(entry.level),
                                       {line.data(), line.size()});
      sink_.log(message);
    } catch (...) {
      // Out of memory while logging: the service goes on without this line.
      return;
    }
  }

 private:
  Format format_;
  PatientSink sink_;
};

}  // namespace

std::unique_ptr<Output> stream_output(const StreamOptions& options) { return std::make_unique<StreamOutput>(options); }

}  // namespace pkg::log
