#pragma once

namespace pkg::messaging {

/// Port: which of the processes on one database may relay and consume.
class Leadership {
 public:
  virtual ~Leadership() = default;
  /// True while this process leads; where nobody does it tries to. Called by one thread; may block for a connect.
  virtual bool hold() = 0;
  virtual void release() = 0;
};

/// For a process that is alone by nature: tests, simulations.
class SoleLeadership final : public Leadership {
 public:
  bool hold() override { return true; }
  void release() override {}
};

}  // namespace pkg::messaging
