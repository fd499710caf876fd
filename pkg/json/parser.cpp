#include <boost/json/basic_parser_impl.hpp>

#include "pkg/json/json.hpp"
#include "pkg/json/reader.hpp"

namespace pkg::json {
namespace {

namespace bj = boost::json;
using errors::ErrorKind;
using errors::Result;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// Puts the parser's parts of text together and passes events on to the reader.
class Events {
 public:
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  template <class... Args>
  explicit Events(Args&&... args) : reader(std::forward<Args>(args)...) {}

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_object_begin(bj::error_code& ec) { return go_on(reader.begin_object(), ec); }
  bool on_object_end(std::size_t, bj::error_code& ec) { return go_on(reader.end(), ec); }
  bool on_array_begin(bj::error_code& ec) { return go_on(reader.begin_array(), ec); }
  bool on_array_end(std::size_t, bj::error_code& ec) { return go_on(reader.end(), ec); }
  bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) { return keep(part); }
  bool on_key(bj::string_view rest, std::size_t, bj::error_code& ec) { return go_on(reader.key(whole(rest)), ec); }
  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) { return keep(part); }
  bool on_string(bj::string_view rest, std::size_t, bj::error_code& ec) { return go_on(reader.string(whole(rest)), ec); }
  bool on_number_part(bj::string_view part, bj::error_code&) { return keep(part); }
  bool on_int64(std::int64_t value, bj::string_view, bj::error_code& ec) {
    text_.clear();
    return go_on(reader.int64(value), ec);
  }
  bool on_uint64(std::uint64_t value, bj::string_view, bj::error_code& ec) {
    text_.clear();
    return go_on(reader.uint64(value), ec);
  }
  bool on_double(double, bj::string_view rest, bj::error_code& ec) { return go_on(reader.other_number(whole(rest)), ec); }
  bool on_bool(bool value, bj::error_code& ec) { return go_on(reader.boolean(value), ec); }
  bool on_null(bj::error_code& ec) { return go_on(reader.null(), ec); }
  bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
  bool on_comment(bj::string_view, bj::error_code&) { return true; }

  Reader reader;

 private:
  static bool go_on(bool ok, bj::error_code& ec) {
    if (!ok) ec = bj::error::exception;  // any will do: the reader has the error
    return ok;
  }
  bool keep(bj::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  /// Valid until the next event.
  std::string_view whole(bj::string_view rest) {
    if (text_.empty()) return {rest.data(), rest.size()};
    text_.append(rest.data(), rest.size());
    done_.swap(text_);
    text_.clear();
    return done_;
  }

  std::string text_;
  std::string done_;
};

Result<> parse(std::string_view text, bj::basic_parser<Events>& parser) {
  bj::error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  const Reader& reader = parser.handler().reader;
  if (reader.error()) return std::unexpected(*reader.error());
  if (!ec && used < text.size()) ec = bj::error::extra_data;
  if (!ec) return {};
  if (ec == bj::error::too_deep) {
    return errors::fail(ErrorKind::malformed, "too_deep", "The JSON is nested too deeply.", reader.path());
  }
  return errors::fail(ErrorKind::malformed, "malformed_json", "Not JSON: " + ec.message() + " at byte " + std::to_string(used) + '.',
                      reader.path());
}

bj::parse_options strict() {
  bj::parse_options options;
  options.max_depth = max_depth;
  return options;
}

}  // namespace

Result<> read(std::string_view text, Message& into) {
  bj::basic_parser<Events> parser(strict(), into);
  return parse(text, parser);
}

Result<> read_field(std::string_view text, Message& into, const FieldDescriptor& field) {
  bj::basic_parser<Events> parser(strict(), into, field);
  return parse(text, parser);
}

}  // namespace pkg::json
