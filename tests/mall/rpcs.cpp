#include "tests/mall/rpcs.hpp"

#include <algorithm>
#include <stdexcept>

#include <google/api/annotations.pb.h>

#include "baskets/basketspb/api.pb.h"
#include "cosec/cosecpb/api.pb.h"
#include "depot/depotpb/api.pb.h"
#include "notifications/notificationspb/api.pb.h"
#include "ordering/orderingpb/api.pb.h"
#include "payments/paymentspb/api.pb.h"
#include "pkg/json/json.hpp"
#include "pkg/rpc/access.pb.h"
#include "search/searchpb/api.pb.h"
#include "stores/storespb/api.pb.h"
#include "users/userspb/api.pb.h"

namespace mall::testing {
namespace {

using google::api::HttpRule;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

std::vector<const FileDescriptor*> api_files() {
  return {mallbots::users::v1::User::descriptor()->file(),        mallbots::stores::v1::Store::descriptor()->file(),
          mallbots::baskets::v1::Basket::descriptor()->file(),    mallbots::ordering::v1::Order::descriptor()->file(),
          mallbots::depot::v1::Bot::descriptor()->file(),         mallbots::payments::v1::Payment::descriptor()->file(),
          mallbots::search::v1::FoundOrder::descriptor()->file(), mallbots::notifications::v1::Notification::descriptor()->file(),
          mallbots::cosec::v1::Saga::descriptor()->file()};
}

void read_access(const MethodDescriptor& method, Rpc& rpc) {
  const auto& access = method.options().GetExtension(mallbots::rpc::v1::access);
  if (access.has_roles()) {
    rpc.gate = Gate::roles;
    rpc.roles.assign(access.roles().any_of().begin(), access.roles().any_of().end());
  } else if (access.signed_in()) {
    rpc.gate = Gate::signed_in;
  } else if (!access.anyone()) {
    throw std::logic_error(method.full_name() + " has no access rule");
  }
}

void read_route(const MethodDescriptor& method, Rpc& rpc) {
  if (!method.options().HasExtension(google::api::http)) return;
  const auto& rule = method.options().GetExtension(google::api::http);
  const std::pair<std::string_view, const std::string*> choices[] = {
      {"GET", &rule.get()}, {"PUT", &rule.put()}, {"POST", &rule.post()}, {"DELETE", &rule.delete_()}, {"PATCH", &rule.patch()}};
  for (const auto& [verb, path] : choices) {
    if (path->empty()) continue;
    rpc.verb = verb;
    rpc.path = *path;
  }
  if (rule.body() != "*" && !rule.body().empty()) throw std::logic_error(method.full_name() + ": this test knows no body but '*'");
  rpc.has_body = rule.body() == "*";
}

std::vector<Rpc> read_all() {
  std::vector<Rpc> all;
  for (const auto* file : api_files()) {
    // mallbots.users.v1
    const auto package = file->package().substr(file->package().find('.') + 1);
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const auto& method = *file->service(s)->method(m);
        Rpc rpc;
        rpc.method = &method;
        rpc.service = package.substr(0, package.find('.'));
        rpc.name = rpc.service + "." + method.name();
        read_access(method, rpc);
        read_route(method, rpc);
        all.push_back(std::move(rpc));
      }
    }
  }
  return all;
}

/// Bare, as it stands in a path or a query.
std::string text_of(const Message& message, const FieldDescriptor& field) {
  std::string text;
  pkg::json::write_field(message, field, text);
  if (text.starts_with('"')) text = text.substr(1, text.size() - 2);
  return text;
}

}  // namespace

bool Rpc::is_in_path(const FieldDescriptor& field) const { return path.contains("{" + field.name() + "}"); }

const std::vector<Rpc>& all_rpcs() {
  static const auto all = read_all();
  return all;
}

const Rpc& rpc(std::string_view name) {
  const auto found = std::ranges::find(all_rpcs(), name, &Rpc::name);
  if (found == all_rpcs().end()) throw std::invalid_argument("there is no RPC " + std::string(name));
  return *found;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("-_.~").contains(c);
    const auto byte = static_cast<unsigned char>(c);
    out += plain ? std::string(1, c) : std::string{'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

Spoken speak(const Rpc& rpc, const Message& request) {
  Spoken spoken{rpc.path, "", rpc.has_body ? pkg::json::write(request) : ""};
  std::vector<const FieldDescriptor*> fields;
  request.GetReflection()->ListFields(request, &fields);
  for (const auto* field : fields) {
    if (rpc.is_in_path(*field)) {
      const auto variable = "{" + field->name() + "}";
      spoken.path.replace(spoken.path.find(variable), variable.size(), percent_encoded(text_of(request, *field)));
    } else if (!rpc.has_body) {
      spoken.query += (spoken.query.empty() ? "?" : "&") + field->json_name() + "=" + percent_encoded(text_of(request, *field));
    }
  }
  return spoken;
}

}  // namespace mall::testing
