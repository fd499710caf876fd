#pragma once
// One connection to a NATS server, for as long as it holds. It never reconnects by itself: whoever wants to go on opens another, and so
// there is one way into the working state, not two.

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/messaging/cloud_event.hpp"
#include "pkg/messaging/nats/nats_broker.hpp"

namespace pkg::messaging::nats {

/// A message as it came; the views live as long as the callback.
struct Incoming {
  std::string_view subject;
  std::string_view reply;
  std::string_view payload;
  std::vector<HeaderView> headers;
  bool has_broken_headers = false;  ///< the header block cannot be read
  bool nobody_listens =
      false;  ///< not a message: one that was sent with a reply subject of this inbox, which is not known, has no receiver

  std::optional<std::string_view> header(std::string_view name) const;
};

using OnMessage = std::function<void(const Incoming&)>;

/// Listens while it lives. After the destructor no callback runs, but for one that the destructor is called from.
class Inbox {
 public:
  virtual ~Inbox() = default;
};

enum class Sent {
  sent,       ///< it is on its way
  too_large,  ///< above what the server takes
  not_sent,   ///< the connection is gone
};

class Connection {
 public:
  virtual ~Connection() = default;
  /// Leaves at once, or with the end of gather().
  virtual Sent send(std::string_view subject, std::string_view reply, std::string_view header_lines, std::string_view payload) = 0;
  /// The server takes messages of so many bytes, headers included.
  virtual std::size_t max_payload() const = 0;
  /// So much waits to be sent that what can wait had better not be added.
  virtual bool is_full() const = 0;
  /// What `sending` sends on this thread is one write to the socket instead of one each.
  virtual void gather(const std::function<void()>& sending) = 0;
  /// Null where the connection is gone.
  virtual std::unique_ptr<Inbox> listen(const std::string& subject, OnMessage on_message) = 0;
  /// A subject prefix of nobody else's.
  virtual std::string new_inbox_name() = 0;
};

/// Blocks until connected, at most for options.request_timeout. `on_closed` is called once, from any thread, when the connection breaks,
/// and not after the connection's destructor.
std::expected<std::unique_ptr<Connection>, std::string> open_connection(const NatsOptions& options, std::function<void()> on_closed);

}  // namespace pkg::messaging::nats
