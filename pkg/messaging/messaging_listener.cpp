#include "pkg/messaging/messaging_listener.hpp"

namespace pkg::messaging {

MessagingListener& silent_listener() {
  static MessagingListener listener;  // has no state
  return listener;
}

}  // namespace pkg::messaging
