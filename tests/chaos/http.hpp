#pragma once
// A client for HTTP that waits for an answer for as long as it is told, and no longer.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mall::chaos {

struct Reply {
  int status = 0;         ///< 0 where no answer came: nobody knows whether the request had its effect
  std::string body = {};

  /// `"name":"text"` anywhere in the body; empty where there is none.
  std::string text(std::string_view name) const;
  std::string code() const { return text("code"); }
  bool is_fine() const { return status == 200 || status == 201; }
  /// The mall has answered, and not that it cannot.
  bool is_answer() const { return status >= 200 && status < 500; }
  /// The mall has said what it thinks of the request, and will say the same if asked again.
  bool is_settled() const { return is_answer() && status != 401 && status != 429 && code() != "contended"; }
};

/// A request as it is sent; `headers` are whole lines with their ends.
std::string request_text(std::string_view verb, std::string_view path, std::string_view body, std::string_view headers);

struct Taken {
  Reply reply;
  bool closes = false;  ///< the connection ends with it
};
/// Takes the first answer out of what was read; nothing where not all of it is there yet.
std::optional<Taken> take_reply(std::string& read);

/// One connection, kept open between requests and opened again where it is gone. Not for several threads at once.
class Http {
 public:
  explicit Http(std::uint16_t port) : port_(port) {}
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;
  ~Http() { close(); }

  /// `headers` are whole lines with their ends.
  Reply ask(std::string_view verb, std::string_view path, std::string_view body, std::string_view headers, std::chrono::milliseconds limit);

 private:
  using Time = std::chrono::steady_clock::time_point;
  bool open(Time deadline);
  void close();
  bool await(short events, Time deadline) const;
  bool send(std::string_view bytes, Time deadline);
  bool read_more(Time deadline);
  Reply receive(Time deadline);

  std::uint16_t port_;
  int socket_ = -1;
  std::string read_;
};

}  // namespace mall::chaos
