#include "pkg/rest/server.hpp"

#include <pthread.h>

#include "pkg/rest/loop.hpp"

namespace pkg::rest {

namespace {

std::string name_of(const ServerOptions& options) {
  if (options.socket >= 0) return "the socket that was passed";
  return options.address + ':' + std::to_string(options.port);
}

}  // namespace

class Server::Running {
 public:
  Running(const ServerOptions& options, const Site& site, rpc::Workers& workers) : loop(options, site, workers) {}

  Loop loop;
  std::thread thread;
};

Server::Server(ServerOptions options, const Site& site, rpc::Workers& workers)
    : options_(std::move(options)), site_(site), workers_(workers) {}

Server::~Server() { stop(std::chrono::milliseconds(0)); }

errors::Result<> Server::start() {
  if (!site_.faults().empty()) return errors::fail(errors::ErrorKind::internal, "bad_routes", site_.faults().front());
  auto running = std::make_unique<Running>(options_, site_, workers_);
  try {
    port_ = running->loop.listen();
  } catch (const boost::system::system_error& e) {
    return errors::fail(errors::ErrorKind::unavailable, "cannot_listen",
                        "cannot listen on " + name_of(options_) + ": " + e.code().message());
  }
  running->thread = std::thread([&loop = running->loop] { loop.run(); });
  pthread_setname_np(running->thread.native_handle(), "rest");
  running_ = std::move(running);
  return {};
}

void Server::accept() {
  if (running_) running_->loop.accept_from_now_on();
}

void Server::begin_stop(std::chrono::milliseconds limit) {
  if (running_) running_->loop.stop(std::chrono::steady_clock::now() + limit);
}

void Server::stop(std::chrono::milliseconds limit) {
  if (!running_) return;
  begin_stop(limit);
  running_->thread.join();
  running_.reset();
}

std::size_t Server::held_bytes() const { return running_ ? running_->loop.held_bytes() : 0; }

std::size_t Server::connections() const { return running_ ? running_->loop.connections() : 0; }

}  // namespace pkg::rest
