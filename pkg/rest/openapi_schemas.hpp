#pragma once
// Internal to pkg/rest: messages as JSON schemas, by the rules of pkg/json.

#include <map>
#include <string>

#include <google/protobuf/descriptor.h>
#include <boost/json/object.hpp>

#include "pkg/rest/comments.hpp"

namespace pkg::rest {

class Schemas {
 public:
  /// The comments must outlive the schemas.
  explicit Schemas(const Comments& comments) : comments_(comments) {}

  /// A reference to the message's schema, which is made where it is new.
  boost::json::object of(const google::protobuf::Descriptor& message);
  /// The field's, with its comment.
  boost::json::object of(const google::protobuf::FieldDescriptor& field);
  /// The value of a field without its comment; of one element, if it is a list.
  boost::json::object of_element(const google::protobuf::FieldDescriptor& field);

  /// All schemas referred to so far, by name.
  const boost::json::object& all() const { return all_; }

 private:
  std::string name_of(const google::protobuf::Descriptor& message);

  const Comments& comments_;
  std::map<std::string, const google::protobuf::Descriptor*> names_;
  boost::json::object all_;
};

}  // namespace pkg::rest
