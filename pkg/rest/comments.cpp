#include "pkg/rest/comments.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

namespace pkg::rest {
namespace {

/// Without the space that follows each comment sign, and without blank lines around.
std::string tidy(const std::string& raw) {
  std::string text;
  for (std::size_t begin = 0; begin < raw.size();) {
    const auto end = std::min(raw.find('\n', begin), raw.size());
    const std::size_t skip = raw[begin] == ' ' ? 1 : 0;
    if (!text.empty()) text += '\n';
    text.append(raw, begin + skip, end - begin - skip);
    begin = end + 1;
  }
  const auto last = text.find_last_not_of(" \n");
  text.resize(last == std::string::npos ? 0 : last + 1);
  return text;
}

template <class Descriptor>
std::string comment_of(const Descriptor* descriptor) {
  google::protobuf::SourceLocation location;
  if (descriptor == nullptr || !descriptor->GetSourceLocation(&location)) return {};
  return tidy(location.leading_comments.empty() ? location.trailing_comments : location.leading_comments);
}

}  // namespace

Comments::Comments(std::string_view descriptor_set) : pool_(std::make_unique<google::protobuf::DescriptorPool>()) {
  google::protobuf::FileDescriptorSet files;
  if (!files.ParseFromArray(descriptor_set.data(), static_cast<int>(descriptor_set.size()))) return;
  for (const auto& file : files.file()) pool_->BuildFile(file);
}

Comments::~Comments() = default;

std::string Comments::of_service(const std::string& name) const { return comment_of(pool_->FindServiceByName(name)); }
std::string Comments::of_method(const std::string& name) const { return comment_of(pool_->FindMethodByName(name)); }
std::string Comments::of_message(const std::string& name) const { return comment_of(pool_->FindMessageTypeByName(name)); }
std::string Comments::of_field(const std::string& name) const { return comment_of(pool_->FindFieldByName(name)); }

}  // namespace pkg::rest
