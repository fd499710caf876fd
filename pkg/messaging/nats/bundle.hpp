#pragma once
// Several messages of one subject as one record of the stream: the server's work is for records, hardly for bytes (ADR 29).
//
// A bundle's body has for each message a line "<bytes of headers> <bytes of payload>", its header block as it would stand in a record of
// its own, its payload, and an end of line. How many there are the record's header "Bundle" says.

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/cloud_event.hpp"

namespace pkg::messaging::nats {

inline constexpr std::string_view bundle_header = "Bundle";
inline constexpr std::size_t most_in_bundle = 16;
inline constexpr std::size_t most_in_read_bundle = 1000;  ///< other releases may put more in one than this one does
inline constexpr std::size_t largest_bundle = 64 * 1024;  ///< bytes; what is larger by itself goes by itself

/// A message of a bundle as it came; the views point into the body.
struct Enclosed {
  std::vector<HeaderView> headers;
  bool has_broken_headers = false;  ///< its header block cannot be read
  std::string_view payload;
};

/// Total: whatever comes, it is understood or refused with a sentence. `count` is what the header says.
std::expected<std::vector<Enclosed>, std::string> read_bundle(std::string_view count, std::string_view body);

/// What goes as one record.
struct Record {
  std::string id;  ///< under which the server drops doubles: the message's where it is alone, else one made of all ids
  std::string subject;
  std::string header_lines;
  std::string payload;
  std::vector<Broker::Published> published;  ///< of each message in it, in their order
};

/// Puts messages together by their subjects, as far as each key's order within a channel allows.
class Bundler {
 public:
  /// A bundle's body has at most so many bytes.
  explicit Bundler(std::size_t limit = largest_bundle) : limit_(limit) {}

  /// `headers` are the message's own, as lines.
  void add(const Message& message, std::string subject, std::string headers, Broker::Published published);
  /// All that was added; of one key in the order in which it was.
  std::vector<Record> take();

 private:
  struct Open {
    Record record;
    std::string ids;   ///< one after the other
    std::string body;  ///< of a bundle; empty while there is one message
  };
  const std::size_t limit_;
  std::vector<Open> records_;
  std::unordered_map<std::string, std::size_t> by_subject_;  ///< the last record of each subject
  std::unordered_map<std::string, std::size_t> by_key_;      ///< the last record that has a message of this channel and key
};

}  // namespace pkg::messaging::nats
