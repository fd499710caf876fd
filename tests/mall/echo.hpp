#pragma once
// Says again what is said among the services: the same message, the same id, in a way that the event server's own deduplication misses.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace mall::testing {

/// What an echo has heard, in the event server's order.
struct Heard {
  std::string channel;
  std::string id;
  std::string type;
  std::string key;
  std::string version;  ///< of the aggregate; "0" where it is no event
};

class Echo {
 public:
  enum class When {
    at_once,   ///< right behind each message
    on_demand  ///< when repeat_backwards() is called
  };

  /// Hears from now on.
  Echo(const std::string& nats_url, When when);
  ~Echo();
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;

  /// Without the echoes.
  std::vector<Heard> heard() const;
  /// Says all of it again, the newest first.
  void repeat_backwards();
  std::size_t repeated() const;

  /// True where no service has a message that it has not done with.
  bool is_all_handled() const;

 private:
  class Wire;
  std::unique_ptr<Wire> wire_;
};

/// All that the event server keeps, in its order.
std::vector<Heard> all_that_was_said(const std::string& nats_url);

}  // namespace mall::testing
