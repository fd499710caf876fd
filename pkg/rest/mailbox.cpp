#include <boost/asio/post.hpp>

#include "pkg/rest/loop.hpp"
#include "pkg/rest/problem.hpp"

namespace pkg::rest {

void Mailbox::deliver(std::uint64_t connection, Response response) {
  const std::scoped_lock lock(mutex_);
  if (loop_ == nullptr) return;
  boost::asio::post(
      loop_->io(), [loop = loop_, connection, response = std::move(response)]() mutable { loop->answer(connection, std::move(response)); });
}

void Mailbox::close() {
  const std::scoped_lock lock(mutex_);
  loop_ = nullptr;
}

Reply::~Reply() {
  if (mailbox_) give(problem(503, "too_busy", "The service is too busy; try again in a moment.", trace_id_));
}

void Reply::give(Response response) {
  mailbox_->deliver(connection_, std::move(response));
  mailbox_.reset();
}

}  // namespace pkg::rest
