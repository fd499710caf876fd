#include "pkg/grpc/test_bed.hpp"

#include <gtest/gtest.h>

namespace pkg::grpc::testing {

const google::protobuf::ServiceDescriptor* described(const char* service) { return Ask::descriptor()->file()->FindServiceByName(service); }

void Gate::pass() {
  std::unique_lock lock(mutex_);
  ++came_;
  changed_.notify_all();
  changed_.wait_for(lock, patience, [this] { return open_; });
}

bool Gate::wait_for_waiting(int n) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return came_ >= n; });
}

void Gate::open() {
  const std::scoped_lock lock(mutex_);
  open_ = true;
  changed_.notify_all();
}

int Gate::came() {
  const std::scoped_lock lock(mutex_);
  return came_;
}

errors::Result<rpc::Caller> authenticate(std::string_view token) {
  if (token == "clerk") return rpc::Caller{"c-1", {"clerk"}};
  if (token == "guest") return rpc::Caller{"g-1", {}};
  return errors::fail(errors::ErrorKind::unauthenticated, "token_invalid", "The access token is not valid.");
}

TokenSource token(std::string value) {
  return [value = std::move(value)]() -> errors::Result<std::string> { return value; };
}

namespace {

errors::Result<Answer> tell(const rpc::Call& call, const Ask& ask) {
  using std::chrono::steady_clock;
  Answer answer;
  answer.set_text(ask.text());
  answer.set_caller(call.caller.subject);
  answer.set_correlation_id(call.cause.correlation_id);
  answer.set_causation_id(call.cause.causation_id);
  answer.set_traceparent(call.cause.traceparent);
  answer.set_if_match(call.if_match.value_or(0));
  if (call.deadline != steady_clock::time_point::max()) {
    answer.set_milliseconds_left(std::chrono::duration_cast<std::chrono::milliseconds>(call.deadline - steady_clock::now()).count());
  }
  return answer;
}

}  // namespace

TestBed::TestBed(BedOptions options)
    : desk_(described("Desk")), workers_("bed", {.threads = options.threads, .queue_limit = options.queue}) {
  for (const char* name : {"Echo", "Member", "Back"}) desk_.unary<Ask, Answer>(name, tell);
  desk_.unary<Ask, Answer>("Fail",
                           [this](const rpc::Call&, const Ask&) -> errors::Result<Answer> { return std::unexpected(failure.value()); });
  desk_.unary<Ask, Answer>("Hold", [this](const rpc::Call& call, const Ask& ask) {
    gate.pass();
    return tell(call, ask);
  });
  options.server.known_roles = {"clerk"};
  const rpc::Service* const services[] = {&desk_};
  auto server = Server::start(options.server, services, {authenticate, workers_, ids_});
  if (!server) {
    ADD_FAILURE() << server.error().detail;
    std::abort();
  }
  server_ = std::move(*server);
  channel_.emplace(ChannelOptions{.target = target()});
}

TestBed::~TestBed() { gate.open(); }

errors::Result<Answer> TestBed::call(const char* method, const std::string& text, const CallOptions& options) {
  Ask ask;
  ask.set_text(text);
  return client().call<Ask, Answer>(method, ask, options);
}

}  // namespace pkg::grpc::testing
