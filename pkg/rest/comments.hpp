#pragma once
// What the authors of .proto files wrote beside their declarations.

#include <memory>
#include <string>
#include <string_view>

namespace google::protobuf {
class DescriptorPool;
}

namespace pkg::rest {

class Comments {
 public:
  /// From the bytes of a FileDescriptorSet with source information (mall_proto makes <NAME>.desc). Bytes that are none give no comments.
  explicit Comments(std::string_view descriptor_set);
  ~Comments();

  std::string of_service(const std::string& full_name) const;
  std::string of_method(const std::string& full_name) const;
  std::string of_message(const std::string& full_name) const;
  std::string of_field(const std::string& full_name) const;

 private:
  std::unique_ptr<google::protobuf::DescriptorPool> pool_;
};

}  // namespace pkg::rest
