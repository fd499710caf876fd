#pragma once
// A client that sends exactly the bytes it is given, for the tests of pkg/rest.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pkg::rest::testing {

struct RawAnswer {
  int status = 0;
  std::map<std::string, std::string> headers = {};
  std::string body = {};
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False where the other side has closed before all was sent.
  bool send(std::string_view bytes);
  /// The next answer, or nothing where the connection ended or none came within ten seconds. The answer to HEAD has no body.
  std::optional<RawAnswer> receive(bool is_head = false);
  /// True where the other side closes within ten seconds without sending more.
  bool is_closed();
  RawAnswer ask(std::string_view bytes);

 private:
  bool read_more();

  int socket_;
  std::string read_;
};

}  // namespace pkg::rest::testing
