#pragma once
// NATS's client protocol as bytes, without I/O. Formats: the client protocol's reference; ADR-4 (headers) of NATS.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pkg/messaging/cloud_event.hpp"

namespace pkg::messaging::nats {

// What a server says.
struct WireInfo {
  std::string_view json;
};
struct WirePing {};
struct WirePong {};
struct WireOk {};
struct WireError {
  std::string_view text;
};
struct WireMessage {
  std::string_view subject;
  std::uint64_t subscription;
  std::string_view reply;
  std::string_view headers;  ///< the block as it came; empty where it has none
  std::string_view payload;
};
using FromServer = std::variant<WireInfo, WirePing, WirePong, WireOk, WireError, WireMessage>;

inline constexpr std::size_t longest_wire_line = 1024 * 1024;           ///< bytes; of a large cluster the first line names every server
inline constexpr std::size_t largest_wire_message = 64 * 1024 * 1024;  ///< bytes, headers included; nats-server takes no more

/// Takes bytes in pieces of any size and gives what they say. Total: whatever comes, it is understood or refused, and what is kept is
/// bounded by the limits above.
class WireReader {
 public:
  WireReader();
  /// Where to put what comes next; never empty. Ends views that next() gave.
  std::span<char> room();
  /// So many bytes of room() are filled.
  void filled(std::size_t count) { end_ += count; }
  /// Nothing where more bytes are needed. The views live until room(). What fails says why, and nothing can be read behind it.
  std::expected<std::optional<FromServer>, std::string> next();

 private:
  std::expected<std::optional<FromServer>, std::string> read_message(std::string_view line, std::span<const std::string_view> words);

  std::string buffer_;
  std::size_t begin_ = 0;    ///< of what was not read yet
  std::size_t end_ = 0;
  std::size_t searched_ = 0;  ///< behind begin_ no line ends in front of this
  std::size_t needed_ = 0;   ///< behind begin_, for the message that is coming
};

/// Appends what a block says, in its order. The status of the first line, if there is one, becomes the header "Status". The views point
/// into the block. False where it cannot be read.
bool read_header_block(std::string_view block, std::vector<HeaderView>& headers);

// What a client says, appended to what is sent. Subjects are without blanks. Headers are lines, see encode_header_lines().
std::string lines_of(std::span<const Header> headers);
void append_header_block(std::string& out, std::string_view lines);
void append_publish(std::string& out, std::string_view subject, std::string_view reply, std::string_view header_lines,
                    std::string_view payload);
void append_subscribe(std::string& out, std::string_view subject, std::uint64_t subscription);
void append_unsubscribe(std::string& out, std::uint64_t subscription);
inline constexpr std::string_view ping_line = "PING\r\n";
inline constexpr std::string_view pong_line = "PONG\r\n";

/// How many bytes the headers are on the wire; the server counts them with the payload.
std::size_t header_block_size(std::string_view lines);

struct ServerInfo {
  std::size_t max_payload = 1024 * 1024;
  bool takes_headers = false;
  std::string version;  ///< "2.10.4"; empty where it does not say
  bool requires_tls = false;

  /// False where it does not say its version, or says it in another form.
  bool is_at_least(unsigned major, unsigned minor) const;
};
/// Nothing where it is no JSON object.
std::optional<ServerInfo> read_server_info(std::string_view json);

/// Who signs in: by name and password, by a token, or as nobody.
struct SignIn {
  std::string user;
  std::string password;
  std::string token;
};
std::string connect_line(const SignIn& sign_in, std::string_view client_name, bool encrypted);

}  // namespace pkg::messaging::nats
