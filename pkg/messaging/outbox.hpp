#pragma once

#include "pkg/messaging/message.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::messaging {

/// Port. What is added leaves if, and only if, the unit of work commits: in order per key, at least once.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void add(uow::UnitOfWork& unit, Message message) = 0;
};

}  // namespace pkg::messaging
