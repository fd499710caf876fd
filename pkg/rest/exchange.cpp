#include "pkg/rest/exchange.hpp"

#include <google/protobuf/empty.pb.h>

#include "pkg/json/json.hpp"
#include "pkg/rest/binding.hpp"
#include "pkg/rest/problem.hpp"
#include "pkg/rpc/access.hpp"
#include "pkg/rpc/metadata.hpp"

namespace pkg::rest {
namespace {

using errors::ErrorKind;
using errors::Result;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::unique_ptr<Message> make(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

}  // namespace

Exchange::Exchange(const Route& route, const Request& http, std::chrono::steady_clock::time_point arrived,
                   std::chrono::milliseconds timeout)
    : route_(route), http_(http), arrived_(arrived) {
  call_.cause = {.correlation_id = http.correlation.request_id,
                 .causation_id = http.correlation.request_id,
                 .traceparent = http.correlation.traceparent};
  call_.deadline = arrived + timeout;
}

Response Exchange::run(const std::vector<std::string>& path_values, const rpc::Authenticator& authenticate, const rpc::Observer& observe) {
  const auto response = make(route_.method->descriptor->output_type());
  const Result<> done = perform(path_values, authenticate, *response);
  if (observe) {
    observe({.transport = "rest",
             .method = *route_.method->descriptor,
             .call = call_,
             .error = done ? nullptr : &done.error(),
             .took = std::chrono::steady_clock::now() - arrived_});
  }
  if (done) return answer(*response);
  const auto& error = done.error();
  if (wrong_content_type_) return problem(415, error.code, error.detail, http_.correlation.trace_id());
  return problem(error, http_.correlation.trace_id());
}

Result<> Exchange::perform(const std::vector<std::string>& path_values, const rpc::Authenticator& authenticate, Message& response) {
  if (auto admitted = admit(authenticate); !admitted) return admitted;
  if (auto read = read_if_match(); !read) return read;
  if (route_.body != Body::none && !http_.body.empty() && !is_json(http_.content_type)) {
    wrong_content_type_ = true;
    return errors::fail(ErrorKind::malformed, "unsupported_media_type", "The body must be sent as Content-Type: application/json.");
  }
  const auto request = make(route_.method->descriptor->input_type());
  if (auto bound = bind_request(route_, path_values, http_, *request); !bound) return bound;
  return rpc::invoke(*route_.method, call_, *request, response);
}

Result<> Exchange::admit(const rpc::Authenticator& authenticate) {
  auto caller = rpc::admit(*route_.method->descriptor, authenticate, rpc::bearer_token_of(http_.authorization));
  if (!caller) return errors::pass_on(caller);
  call_.caller = std::move(*caller);
  return {};
}

Result<> Exchange::read_if_match() {
  auto version = rpc::version_of(http_.if_match);
  if (!version) return errors::pass_on(version);
  call_.if_match = *version;
  return {};
}

Response Exchange::answer(const Message& response) const {
  Response answer;
  if (response.GetDescriptor() == google::protobuf::Empty::descriptor()) {
    answer.status = 204;
    return answer;
  }
  answer.content_type = "application/json";
  answer.headers.push_back({"Cache-Control", "no-store"});
  const FieldDescriptor* field = route_.response_field;
  if (field == nullptr) {
    json::write(response, answer.body);
    add_headers(response, answer);
  } else {
    json::write_field(response, *field, answer.body);
    const bool is_thing = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated();
    if (is_thing) add_headers(response.GetReflection()->GetMessage(response, field), answer);
  }
  return answer;
}

void Exchange::add_headers(const Message& thing, Response& answer) const {
  const auto& type = *thing.GetDescriptor();
  const FieldDescriptor* version = type.FindFieldByName("version");
  const bool is_number = version != nullptr && !version->is_repeated() &&
                         (version->cpp_type() == FieldDescriptor::CPPTYPE_UINT64 || version->cpp_type() == FieldDescriptor::CPPTYPE_INT64);
  if (is_number && thing.GetReflection()->HasField(thing, version)) {
    std::string etag = "\"";
    json::write_field(thing, *version, etag);
    answer.headers.push_back({"ETag", etag + '"'});
  }
  if (!route_.creates) return;
  answer.status = 201;
  const FieldDescriptor* id = type.FindFieldByName("id");
  if (id == nullptr || id->is_repeated() || id->type() != FieldDescriptor::TYPE_STRING) return;
  answer.headers.push_back({"Location", http_.path + '/' + thing.GetReflection()->GetString(thing, id)});
}

}  // namespace pkg::rest
