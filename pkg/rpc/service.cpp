#include "pkg/rpc/service.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "pkg/rpc/access.pb.h"

namespace pkg::rpc {
namespace {

using google::protobuf::MethodDescriptor;

// A wrong binding is a mistake in the program, not of a caller: it shows at the first start and must not be served.
[[noreturn]] void stop(const std::string& what) {
  fmt::print(stderr, "fatal: {}\n", what);
  std::fflush(stderr);
  std::abort();
}

void add_access_faults(const MethodDescriptor& method, std::span<const std::string_view> known_roles, std::vector<std::string>& faults) {
  using mallbots::rpc::v1::Access;
  const auto& access = method.options().GetExtension(mallbots::rpc::v1::access);
  const auto fault = [&](std::string_view what) { faults.push_back(fmt::format("{}: {}", method.full_name(), what)); };
  switch (access.rule_case()) {
    case Access::kAnyone:
      if (!access.anyone()) fault("access rule 'anyone: false' allows nobody");
      return;
    case Access::kSignedIn:
      if (!access.signed_in()) fault("access rule 'signed_in: false' allows nobody");
      return;
    case Access::kRoles:
      if (access.roles().any_of().empty()) fault("access rule 'roles' names no role");
      for (const auto& role : access.roles().any_of()) {
        if (std::ranges::find(known_roles, role) == known_roles.end()) fault(fmt::format("access rule names unknown role '{}'", role));
      }
      return;
    case Access::RULE_NOT_SET: fault("has no access rule"); return;
  }
}

const google::protobuf::ServiceDescriptor* find_service(std::string_view full_name) {
  const auto* found = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(full_name));
  if (!found) stop(fmt::format("no .proto linked in has a service '{}'", full_name));
  return found;
}

}  // namespace

Service::Service(std::string_view full_name) : descriptor_(find_service(full_name)) {}

void Service::bind(std::string_view name, const google::protobuf::Descriptor* request, const google::protobuf::Descriptor* response,
                   Method::Handler handler) {
  const auto* method = descriptor_->FindMethodByName(std::string(name));
  if (method == nullptr) stop(fmt::format("{} has no call '{}'", descriptor_->full_name(), name));
  if (find(name) != nullptr) stop(fmt::format("{} is bound twice", method->full_name()));
  if (method->input_type() != request || method->output_type() != response) {
    stop(fmt::format("{} takes {} and answers {}, but is bound to {} and {}", method->full_name(), method->input_type()->full_name(),
                     method->output_type()->full_name(), request->full_name(), response->full_name()));
  }
  methods_.push_back({method, std::move(handler)});
}

void Service::guard(const std::function<errors::Result<>()>& may_run) {
  for (auto& method : methods_) {
    method.handler = [may_run, handler = std::move(method.handler)](const Call& call, const google::protobuf::Message& request,
                                                                    google::protobuf::Message& response) -> errors::Result<> {
      if (auto allowed = may_run(); !allowed) return allowed;
      return handler(call, request, response);
    };
  }
}

const Method* Service::find(std::string_view name) const {
  const auto found = std::ranges::find_if(methods_, [&](const Method& method) { return method.descriptor->name() == name; });
  return found == methods_.end() ? nullptr : &*found;
}

std::vector<std::string> Service::faults(std::span<const std::string_view> known_roles) const {
  std::vector<std::string> faults;
  for (int i = 0; i < descriptor_->method_count(); ++i) {
    const auto& method = *descriptor_->method(i);
    if (method.client_streaming() || method.server_streaming()) {
      faults.push_back(method.full_name() + ": streams; only calls with one request and one answer are served");
    } else if (find(method.name()) == nullptr) {
      faults.push_back(method.full_name() + ": is not bound");
    }
    add_access_faults(method, known_roles, faults);
  }
  return faults;
}

}  // namespace pkg::rpc
