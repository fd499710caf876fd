#include "pkg/json/reader.hpp"

#include <memory>
#include <utility>

#include "pkg/json/json.hpp"

namespace pkg::json {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* find_by_json_name(const Descriptor& type, std::string_view name) {
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->json_name() == name) return type.field(i);
  }
  return nullptr;
}

bool is_second_of_oneof(const Message& message, const FieldDescriptor& field) {
  const auto* choice = field.real_containing_oneof();
  const auto& reflection = *message.GetReflection();
  return choice != nullptr && reflection.HasOneof(message, choice) && !reflection.HasField(message, &field);
}

/// What a caller sent, for an error: not more of it than is of use.
std::string_view clipped(std::string_view text) {
  constexpr std::size_t most = 64;
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not in the middle of a character
  return text.substr(0, end);
}

}  // namespace

std::optional<Reader::Target> Reader::target() {
  if (frames_.empty()) return root_field_ != nullptr ? std::optional(Target{&root_, root_field_, true}) : std::nullopt;
  Frame& frame = frames_.back();
  switch (frame.kind) {
    case Frame::Kind::object: return Target{frame.message, frame.field, true};
    case Frame::Kind::list: return Target{frame.message, frame.field, false};
    case Frame::Kind::map: break;
  }
  Message* entry = frame.message->GetReflection()->AddMessage(frame.message, frame.field);
  // Set again from the text that map_key() has found to be right.
  (void)read_parameter(frame.key, *entry, *frame.field->message_type()->map_key());
  return Target{entry, frame.field->message_type()->map_value(), true};
}

bool Reader::enter(Message& message) {
  Frame frame{.kind = Frame::Kind::object, .message = &message, .field = nullptr};
  frame.seen.resize(static_cast<std::size_t>(message.GetDescriptor()->field_count()));
  frames_.push_back(std::move(frame));
  return true;
}

bool Reader::begin_object() {
  const auto at = target();
  if (!at) return enter(root_);
  if (at->whole && at->field->is_map()) {
    frames_.push_back({.kind = Frame::Kind::map, .message = at->message, .field = at->field});
    return true;
  }
  if (at->whole && at->field->is_repeated()) return fail("wrong_type", "A list is wanted.");
  if (at->field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || is_text_message(*at->field->message_type())) {
    return fail(wrong_type(*at->field).error());
  }
  if (is_second_of_oneof(*at->message, *at->field)) return conflict();
  const auto& reflection = *at->message->GetReflection();
  return enter(at->field->is_repeated() ? *reflection.AddMessage(at->message, at->field)
                                        : *reflection.MutableMessage(at->message, at->field));
}

bool Reader::begin_array() {
  const auto at = target();
  if (!at) return fail("wrong_type", "An object is wanted.");
  if (at->field->is_map()) return fail("wrong_type", "An object is wanted.");
  if (!at->whole || !at->field->is_repeated()) return fail(wrong_type(*at->field).error());
  frames_.push_back({.kind = Frame::Kind::list, .message = at->message, .field = at->field});
  return true;
}

bool Reader::end() {
  frames_.pop_back();
  value_done();
  return true;
}

void Reader::value_done() {
  if (!frames_.empty() && frames_.back().kind == Frame::Kind::list) ++frames_.back().index;
}

bool Reader::key(std::string_view name) {
  Frame& frame = frames_.back();
  return frame.kind == Frame::Kind::map ? map_key(frame, name) : object_key(frame, name);
}

bool Reader::object_key(Frame& frame, std::string_view name) {
  frame.field = find_by_json_name(*frame.message->GetDescriptor(), name);
  if (frame.field == nullptr) {
    const std::string parent = path();
    errors::Error error = errors::fail(errors::ErrorKind::malformed, "unknown_field", "There is no such field here.").error();
    error.field = (parent.empty() ? "" : parent + '.') + std::string(clipped(name));
    return fail(std::move(error));
  }
  const auto index = static_cast<std::size_t>(frame.field->index());
  if (frame.seen[index]) return fail("duplicate_field", "The field stands here twice.");
  frame.seen[index] = true;
  return true;
}

bool Reader::map_key(Frame& frame, std::string_view name) {
  frame.key = name;
  const FieldDescriptor& key = *frame.field->message_type()->map_key();
  auto* const factory = frame.message->GetReflection()->GetMessageFactory();
  const std::unique_ptr<Message> probe(factory->GetPrototype(frame.field->message_type())->New());
  if (const auto read = read_parameter(name, *probe, key); !read) return fail(read.error());
  // As it is written, because a number has several spellings: "7" and "07" are one key.
  std::string same;
  write_field(*probe, key, same);
  return frame.keys.insert(std::move(same)).second ? true : fail("duplicate_field", "The key stands here twice.");
}

template <class Put>
bool Reader::scalar(Put put) {
  const auto at = target();
  if (!at) return fail("wrong_type", "An object is wanted.");
  if (at->whole && at->field->is_repeated()) return fail("wrong_type", at->field->is_map() ? "An object is wanted." : "A list is wanted.");
  if (is_second_of_oneof(*at->message, *at->field)) return conflict();
  if (const errors::Result<> done = put(Slot{*at->message, *at->field}); !done) return fail(done.error());
  value_done();
  return true;
}

bool Reader::int64(std::int64_t value) {
  return scalar([&](const Slot& slot) { return slot.put_int64(value); });
}
bool Reader::uint64(std::uint64_t value) {
  return scalar([&](const Slot& slot) { return slot.put_uint64(value); });
}
bool Reader::boolean(bool value) {
  return scalar([&](const Slot& slot) { return slot.put_bool(value); });
}
bool Reader::string(std::string_view text) {
  return scalar([&](const Slot& slot) { return slot.put_string(text); });
}

bool Reader::other_number(std::string_view text) {
  return scalar([&](const Slot& slot) -> errors::Result<> {
    errors::Error error = wrong_type(slot.field).error();
    const bool whole = text.find_first_of(".eE") == std::string_view::npos;
    const bool wants_number = slot.put_int64(0).has_value();
    if (whole && wants_number) error.code = "out_of_range";
    return std::unexpected(std::move(error));
  });
}

bool Reader::null() {
  const bool is_field = !frames_.empty() && frames_.back().kind == Frame::Kind::object;
  return is_field ? true : fail("wrong_type", "null can only stand for an absent field.");
}

std::string Reader::path() const {
  std::string path;
  for (const Frame& frame : frames_) {
    if (frame.kind == Frame::Kind::list) {
      path += '[' + std::to_string(frame.index) + ']';
    } else if (frame.kind == Frame::Kind::map) {
      if (!frame.key.empty()) path += '.' + std::string(clipped(frame.key));
    } else if (frame.field != nullptr) {
      if (!path.empty()) path += '.';
      path += frame.field->json_name();
    }
  }
  return path;
}

bool Reader::conflict() { return fail("conflicting_fields", "Only one of these fields may be given."); }

bool Reader::fail(std::string code, std::string detail) {
  return fail(errors::fail(errors::ErrorKind::malformed, std::move(code), std::move(detail)).error());
}

bool Reader::fail(errors::Error error) {
  if (error.field.empty()) error.field = path();
  error_ = std::move(error);
  return false;
}

}  // namespace pkg::json
