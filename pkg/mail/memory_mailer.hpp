#pragma once
// For tests: keeps what is sent, and fails when told to.

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "pkg/mail/mailer.hpp"
#include "pkg/mail/message.hpp"

namespace pkg::mail {

class MemoryMailer final : public Mailer {
 public:
  errors::Result<> send(const Mail& mail) override {
    if (const auto checked = check(mail); !checked) return checked;
    const std::scoped_lock lock(mutex_);
    if (failure_) return std::unexpected(*failure_);
    sent_.push_back(mail);
    return {};
  }

  /// Every send fails so until it is called with nothing.
  void fail_with(std::optional<errors::Error> failure) {
    const std::scoped_lock lock(mutex_);
    failure_ = std::move(failure);
  }

  std::vector<Mail> sent() const {
    const std::scoped_lock lock(mutex_);
    return sent_;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<errors::Error> failure_;
  std::vector<Mail> sent_;
};

}  // namespace pkg::mail
