#pragma once
// What the clients asked for and were told, one JSON object a line. A line is in the file before the request is sent, and after its answer
// came before anything is made of it, so what was acknowledged can be held against the mall however the run ends.

#include <filesystem>
#include <string>
#include <string_view>

#include "tests/chaos/run.hpp"

namespace mall::chaos {

/// One line in the making.
class Line {
 public:
  /// `what` is one of begin, ask, answer, seen, end; `of` its object: ask "checkout".
  Line(int order, std::string_view what, std::string_view of);
  Line& with(std::string_view name, std::string_view text);
  Line& with(std::string_view name, std::int64_t number);
  Line& with_json(std::string_view name, std::string_view json);
  std::string take();

 private:
  std::string text_;
};

/// For all threads at once.
class ClientLog {
 public:
  /// Throws std::runtime_error.
  explicit ClientLog(const std::filesystem::path& file);
  ClientLog(const ClientLog&) = delete;
  ClientLog& operator=(const ClientLog&) = delete;
  ~ClientLog();

  /// Written when it returns. A failure stops the process: without its log a run proves nothing.
  void write(Line& line);
  void write(Line&& line) { write(line); }

 private:
  int file_;
};

}  // namespace mall::chaos
