#pragma once
// What is out with a subscription's owner, and how to answer the server for it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pkg::messaging::nats {

/// A message delivered again keeps its place: every tag it was given under stands for it, and the answer goes to the newest delivery.
/// No lock of its own.
class Unacknowledged {
 public:
  /// Gives the tag of this delivery.
  std::uint64_t add(std::size_t channel, std::uint64_t sequence, std::string_view reply);
  /// Where to answer for a tag; nothing where it is settled or was never given.
  std::optional<std::string> reply_of(std::uint64_t tag) const;
  /// The same, and forgets the message.
  std::optional<std::string> settle(std::uint64_t tag);
  bool holds(std::size_t channel, std::uint64_t sequence) const { return out_.contains({channel, sequence}); }
  /// Forgets all.
  void clear();

 private:
  using Place = std::pair<std::size_t, std::uint64_t>;  ///< channel, sequence
  struct Out {
    std::string reply;
    std::vector<std::uint64_t> tags;
  };
  std::map<Place, Out> out_;
  std::unordered_map<std::uint64_t, Place> places_;
  std::uint64_t last_tag_ = 0;
};

}  // namespace pkg::messaging::nats
