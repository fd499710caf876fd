#include "pkg/grpc/reflection.hpp"

#include <unordered_set>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

namespace pkg::grpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using mallbots::grpc::v1::ReflectionRequest;
using mallbots::grpc::v1::ReflectionResponse;

constexpr int not_found = 5;         // google.rpc.Code
constexpr int invalid_argument = 3;

/// The file and all that it needs, each once: then a client can build its descriptors without asking again.
void add_with_imports(const FileDescriptor& file, std::unordered_set<const FileDescriptor*>& added, ReflectionResponse::Files& files) {
  if (!added.insert(&file).second) return;
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  files.add_file(proto.SerializeAsString());
  for (int i = 0; i < file.dependency_count(); ++i) add_with_imports(*file.dependency(i), added, files);
}

void fail(ReflectionResponse& response, int code, const char* message) {
  response.mutable_error()->set_code(code);
  response.mutable_error()->set_message(message);
}

void answer_file(const FileDescriptor* file, ReflectionResponse& response) {
  if (file == nullptr) {
    fail(response, not_found, "not found");
    return;
  }
  std::unordered_set<const FileDescriptor*> added;
  add_with_imports(*file, added, *response.mutable_files());
}

const FileDescriptor* file_of_extension(const DescriptorPool& pool, const ReflectionRequest::Extension& wanted) {
  const auto* type = pool.FindMessageTypeByName(wanted.containing_type());
  const auto* extension = type == nullptr ? nullptr : pool.FindExtensionByNumber(type, wanted.number());
  return extension == nullptr ? nullptr : extension->file();
}

void answer_extension_numbers(const DescriptorPool& pool, const std::string& type_name, ReflectionResponse& response) {
  const auto* type = pool.FindMessageTypeByName(type_name);
  if (type == nullptr) {
    fail(response, not_found, "not found");
    return;
  }
  std::vector<const google::protobuf::FieldDescriptor*> extensions;
  pool.FindAllExtensions(type, &extensions);
  auto& numbers = *response.mutable_extension_numbers();
  numbers.set_base_type(type_name);
  for (const auto* extension : extensions) numbers.add_number(extension->number());
}

}  // namespace

ReflectionResponse reflect(const ReflectionRequest& request, const std::vector<std::string>& services) {
  const auto& pool = *DescriptorPool::generated_pool();
  ReflectionResponse response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.question_case()) {
    case ReflectionRequest::kFileByFilename: answer_file(pool.FindFileByName(request.file_by_filename()), response); break;
    case ReflectionRequest::kFileContainingSymbol:
      answer_file(pool.FindFileContainingSymbol(request.file_containing_symbol()), response);
      break;
    case ReflectionRequest::kFileContainingExtension:
      answer_file(file_of_extension(pool, request.file_containing_extension()), response);
      break;
    case ReflectionRequest::kAllExtensionNumbersOfType:
      answer_extension_numbers(pool, request.all_extension_numbers_of_type(), response);
      break;
    case ReflectionRequest::kListServices:
      for (const auto& name : services) response.mutable_services()->add_service()->set_name(name);
      break;
    case ReflectionRequest::QUESTION_NOT_SET: fail(response, invalid_argument, "no question that is known here"); break;
  }
  return response;
}

}  // namespace pkg::grpc
