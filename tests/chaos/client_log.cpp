#include "tests/chaos/client_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "pkg/json/json.hpp"

namespace mall::chaos {

Line::Line(int order, std::string_view what, std::string_view of)
    : text_(R"({"at":)" + std::to_string(now()) + R"(,"order":)" + std::to_string(order)) {
  with(what, of);
}

Line& Line::with(std::string_view name, std::string_view text) {
  text_ += ",\"" + std::string(name) + "\":";
  pkg::json::write_string(text, text_);
  return *this;
}

Line& Line::with(std::string_view name, std::int64_t number) { return with_json(name, std::to_string(number)); }

Line& Line::with_json(std::string_view name, std::string_view json) {
  text_ += ",\"" + std::string(name) + "\":" + std::string(json);
  return *this;
}

std::string Line::take() { return std::move(text_) + "}\n"; }

ClientLog::ClientLog(const std::filesystem::path& file) : file_(::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644)) {
  if (file_ < 0) throw std::runtime_error("cannot write " + file.string());
}

ClientLog::~ClientLog() { ::close(file_); }

void ClientLog::write(Line& line) {
  // One call for a whole line at the end of the file: lines of other threads do not come between.
  const auto text = line.take();
  if (::write(file_, text.data(), text.size()) == static_cast<ssize_t>(text.size())) return;
  std::perror("the clients' log");
  std::abort();
}

}  // namespace mall::chaos
