#pragma once
// The library's objects of one connection, worked in the library's mode for foreign event loops: with threads of its own it makes a system
// call for each message that is sent, and wakes a thread for each that comes.

#include <nats/nats.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace pkg::messaging::nats {

/// What listens to a subject. Messages wait in the subscription until the connection's thread takes them out.
struct Listener {
  natsSubscription* subscription;
  std::function<void(natsMsg*)> take;  ///< does not own it; null in place of one by which the server says that nobody listens
};

/// Made before the connection, which attaches to it while it is made. run() is its thread; everything else may be called from any.
class Handles {
 public:
  Handles();
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  /// Not while run() is under way.
  ~Handles();

  /// Fails with what the library says.
  natsStatus connect(natsOptions* options);
  natsConnection* connection() const { return connection_; }

  /// Reads and hands messages over until the connection is closed or stop() was called.
  void run();
  void stop();

  /// Hands over what comes for it from now on, until end(). Shared with its inbox.
  void add(std::shared_ptr<Listener> listener);
  void end(const std::shared_ptr<Listener>& listener);

  /// Under it what this thread sends on the connection is gathered, and leaves when the outermost ends. Whatever calls the library with
  /// something to send stands under one.
  class Gathering {
   public:
    explicit Gathering(Handles& handles);
    Gathering(const Gathering&) = delete;
    Gathering& operator=(const Gathering&) = delete;
    ~Gathering();

    /// Frees the message some time after this thread gathers no more, together with others.
    static void free_later(natsMsg* message);

   private:
    Handles& handles_;
    const Handles* const outer_;
  };

 private:
  static natsStatus attach(void** user, void* loop, natsConnection* connection, natsSock socket);
  static natsStatus want_read(void* user, bool wants);
  static natsStatus want_write(void* user, bool wants);
  static natsStatus detach(void* user);

  void flush();
  void read();
  void hand_over();
  void wake() const;

  natsConnection* connection_ = nullptr;
  int socket_ = -1;
  const int wakes_;                        ///< an eventfd
  std::atomic<bool> is_over_ = false;      ///< the library is done with the socket, or stop() was called
  std::mutex end_mutex_;
  bool socket_is_open_ = false;  ///< the library has not closed it
  std::atomic<bool> wants_write_ = false;  ///< something is gathered; written under the library's lock
  std::atomic<bool> is_blocked_ = false;   ///< the socket was full

  /// The library may close the socket whenever it reads or writes: not while another thread is about to read from its number.
  std::mutex socket_mutex_;
  std::mutex listeners_mutex_;
  std::vector<std::shared_ptr<Listener>> listeners_;  // shared with their inboxes
  std::vector<std::shared_ptr<Listener>> ended_;
};

}  // namespace pkg::messaging::nats
