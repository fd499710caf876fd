// gRPC's callback API has two threads of its own that wait for what comes, for a second at most each time; then they rest for a tenth of
// one, in which they take nothing up, and wait again (CompletionQueue::CallbackAlternativeCQ, gRPC 1.51). Of a service that nobody calls
// they were a third of all wakes. Nothing but an event or the end of the queue matters to them, and both wake them, so here they wait
// without a limit. The linker puts this between them and the library (--wrap, see CMakeLists.txt), where gRPC is part of the program (ADR
// 20).

#include <grpc/grpc.h>
#include <grpc/support/time.h>
#include <pthread.h>

#include <array>
#include <string_view>

namespace {

bool is_callback_thread() {
  thread_local const bool is = [] {
    std::array<char, 16> name{};  // the kernel's limit
    return ::pthread_getname_np(::pthread_self(), name.data(), name.size()) == 0 && std::string_view(name.data()) == "nexting_thread";
  }();
  return is;
}

}  // namespace

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names
grpc_event __real_grpc_completion_queue_next(grpc_completion_queue* queue, gpr_timespec deadline, void* reserved);

grpc_event __wrap_grpc_completion_queue_next(grpc_completion_queue* queue, gpr_timespec deadline, void* reserved) {
  const bool is_limited = gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) != 0;
  if (is_limited && is_callback_thread()) deadline = gpr_inf_future(deadline.clock_type);
  return __real_grpc_completion_queue_next(queue, deadline, reserved);
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
}
