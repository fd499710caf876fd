#pragma once

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
  /// Keeps the lead, or tries to get it where nobody has it. Called by one thread; may block for a connect.
  virtual Lead hold() = 0;
  virtual void release() = 0;
};

/// For a process that is alone by nature: tests, simulations.
class SoleLeadership final : public Leadership {
 public:
  Lead hold() override {
    const bool before = led_;
    led_ = true;
    return before ? Lead::kept : Lead::taken;
  }
  void release() override { led_ = false; }

 private:
  bool led_ = false;
};

}  // namespace pkg::messaging
