#pragma once
// Internal to pkg/json: takes the parser's events and fills a message. Knows nothing of the parser.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "pkg/errors/error.hpp"
#include "pkg/json/slot.hpp"

namespace pkg::json {

/// Every event answers false where reading must end; error() then says why.
class Reader {
 public:
  /// Reads an object into the message.
  explicit Reader(google::protobuf::Message& into) : root_(into), root_field_(nullptr) {}
  /// Reads any value into one field of the message.
  Reader(google::protobuf::Message& into, const google::protobuf::FieldDescriptor& field) : root_(into), root_field_(&field) {}

  bool begin_object();
  bool begin_array();
  bool end();
  bool key(std::string_view name);
  bool int64(std::int64_t value);
  bool uint64(std::uint64_t value);
  /// A number that is not a 64-bit integer, as it was written.
  bool other_number(std::string_view text);
  bool boolean(bool value);
  bool string(std::string_view text);
  bool null();

  const std::optional<errors::Error>& error() const { return error_; }
  /// Where reading stands, as a JSON path: "items[0].quantity".
  std::string path() const;

 private:
  struct Frame {
    enum class Kind { object, list, map };
    Kind kind;
    google::protobuf::Message* message;              ///< an object's own; a list's or map's owner
    const google::protobuf::FieldDescriptor* field;  ///< an object's last named field; a list's or map's own
    std::size_t index = 0;                           ///< a list's next element
    std::string key = {};                            ///< a map's last key
    std::vector<bool> seen = {};                     ///< an object's fields so far
    std::set<std::string> keys = {};                 ///< a map's keys so far
  };
  /// Where the next value goes. `whole` tells a field's own value from an element of it.
  struct Target {
    google::protobuf::Message* message;
    const google::protobuf::FieldDescriptor* field;
    bool whole;
  };

  std::optional<Target> target();
  bool enter(google::protobuf::Message& message);
  template <class Put>
  bool scalar(Put put);
  bool object_key(Frame& frame, std::string_view name);
  bool map_key(Frame& frame, std::string_view name);
  void value_done();
  bool conflict();
  bool fail(std::string code, std::string detail);
  bool fail(errors::Error error);

  google::protobuf::Message& root_;
  const google::protobuf::FieldDescriptor* root_field_;
  std::vector<Frame> frames_;
  std::optional<errors::Error> error_;
};

}  // namespace pkg::json
