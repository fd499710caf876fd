#pragma once
// Somebody on the event server who says what no service says at that moment: messages that come again long after, answers to commands that
// nobody gave, commands that were obeyed already. None of it may change anything, and what it does change the check and the audit find.

#include <memory>
#include <string>

#include "tests/chaos/run.hpp"

namespace mall::chaos {

/// Hears everything, and adds something to about every tenth message; each is counted in Run::strays:
/// - any message: the same once more, up to two seconds later;
/// - a reply: at once a refusal of a command that was never given, in the same saga;
/// - a command: up to two seconds later the same as a command of its own, under another id.
/// Goes on when the server is back. Ends with its object; what waits by then is not sent.
class StraySender {
 public:
  /// Throws std::runtime_error where the server is not there.
  StraySender(const std::string& nats_url, Run& run);
  ~StraySender();
  StraySender(const StraySender&) = delete;
  StraySender& operator=(const StraySender&) = delete;

 private:
  class Wire;
  std::unique_ptr<Wire> wire_;
};

}  // namespace mall::chaos
