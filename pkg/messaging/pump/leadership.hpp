#pragma once

#include <chrono>

namespace pkg::messaging {

enum class Lead {
  kept,       ///< this process leads, and nobody else did since it last asked
  taken,      ///< it leads from now on
  elsewhere,  ///< another process leads
  unknown,    ///< the database does not say; then nobody else can have got the lead just now
};

/// Port: which of the processes on one database may relay and consume.
class Leadership {
 public:
  virtual ~Leadership() = default;
  /// Keeps the lead, or gets it where nobody has it, or where whoever has it lets go of it within the patience: then at that moment.
  /// Called by one thread at a time; may block for a connect, and for the patience where another process leads.
  virtual Lead hold(std::chrono::milliseconds patience) = 0;
  /// Of a leader: waits until hold() should be asked again, which is when the lead may be lost, another process has asked for it,
  /// interrupt() was called, or the time is over. True where another process has asked for it since this was last called: that one may
  /// write, too.
  virtual bool await_others(std::chrono::milliseconds at_most) = 0;
  /// By any thread: from here on await_others() waits no more.
  virtual void interrupt() = 0;
  virtual void release() = 0;
};

}  // namespace pkg::messaging
