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
  virtual void release() = 0;
};

/// For a process that is alone by nature: tests, simulations.
class SoleLeadership final : public Leadership {
 public:
  Lead hold(std::chrono::milliseconds) override {
    const bool before = led_;
    led_ = true;
    return before ? Lead::kept : Lead::taken;
  }
  void release() override { led_ = false; }

 private:
  bool led_ = false;
};

}  // namespace pkg::messaging
