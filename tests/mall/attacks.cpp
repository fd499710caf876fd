#include "tests/mall/attacks.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

#include "pkg/json/json.hpp"

namespace mall::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

struct Value {
  std::string what;
  std::string text;
};
using Values = std::vector<Value>;

const std::string uuid = "0190163d-8694-739b-aea5-966c26f8ad91";
const std::string json = "Content-Type: application/json\r\n";
const std::string sql = "'; DROP TABLE users; --";

std::string in_quotes(std::string_view text) {
  std::string out;
  pkg::json::write_string(text, out);
  return out;
}

bool is_id(const FieldDescriptor& field) { return field.name() == "id" || field.name().ends_with("_id") || field.name().ends_with("_ids"); }
bool is_time(const FieldDescriptor& field) {
  return field.message_type() != nullptr && field.message_type()->full_name() == "google.protobuf.Timestamp";
}
bool is_whole_number(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 || field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
}
bool is_text(const FieldDescriptor& field) { return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING; }
bool is_narrow(const FieldDescriptor& field) { return field.cpp_type() == FieldDescriptor::CPPTYPE_INT32; }

/// Texts that are no id.
Values no_ids() {
  return {{"blank", " "},
          {"a letter", "x"},
          {"zero", "0"},
          {"one character too many", uuid + "0"},
          {"one too few", uuid.substr(1)},
          {"braces", "{" + uuid + "}"},
          {"a letter that is no digit", "g" + uuid.substr(1)},
          {"SQL", sql},
          {"a path", "../../etc/passwd"},
          {"two ids", uuid + "," + uuid},
          {"3 KiB", std::string(3'000, 'a')}};
}

/// JSON that is no value of the field's type, or none at all.
Values of_another_type(const FieldDescriptor& field) {
  if (field.is_repeated()) return {{"a text", "\"x\""}, {"an object", "{}"}, {"a number", "1"}, {"a list of lists", "[[]]"}};
  Values values{{"a list", "[]"}, {"nothing at all", ""}, {"a bare word", "undefined"}};
  const auto add = [&](Values more) { std::ranges::move(more, std::back_inserter(values)); };
  if (is_text(field)) {
    add({{"a number", "1"}, {"true", "true"}, {"an object", "{}"}});
    add({{"U+0000", R"("a\u0000b")"}, {"a lone surrogate", R"("\ud800")"}, {"a bad escape", R"("\x41")"}, {"half an escape", R"("\u12")"}});
    add({{"bytes that are no UTF-8", "\"\xff\xfe\""}, {"an overlong slash", "\"\xc0\xaf\""}, {"a surrogate in UTF-8", "\"\xed\xa0\x80\""}});
    add({{"a raw control character", "\"a\x01\""}, {"a raw new line", "\"a\nb\""}, {"a raw zero byte", std::string("\"a\0b\"", 5)}});
  } else if (is_whole_number(field)) {
    add({{"words", "\"many\""}, {"an empty text", "\"\""}, {"true", "true"}, {"an object", "{}"}});
    add({{"a fraction", "1.5"}, {"an exponent", "1e3"}, {"beyond all numbers", "1e400"}, {"NaN", "NaN"}, {"Infinity", "Infinity"}});
    add({{"2^63", "9223372036854775808"}, {"below -2^63", "-9223372036854775809"}, {"twenty digits", "99999999999999999999"}});
    add({{"a long number", std::string(5'000, '9')},
         {"hexadecimal", "0x10"},
         {"a leading zero", "01"},
         {"a plus", "+1"},
         {"a minus", "-"}});
    if (is_narrow(field)) add({{"2^31", "2147483648"}, {"below -2^31", "-2147483649"}});
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    add({{"a number", "1"}, {"a text", "\"true\""}, {"an object", "{}"}});
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    add({{"no such word", "\"NO_SUCH_WORD\""}, {"a number", "99"}, {"true", "true"}});
  } else if (field.message_type() != nullptr) {
    add({{"a number", "1"}, {"a text", "\"x\""}, {"true", "true"}});
  }
  return values;
}

/// Bare texts, all of them well-formed.
Values odd_texts(const FieldDescriptor& field) {
  if (is_id(field)) return no_ids();
  return {{"empty", ""},
          {"blank", " \t\n "},
          {"10 000 letters", std::string(10'000, 'x')},
          {"900 000 letters", std::string(900'000, 'x')},
          {"300 characters of four bytes",
           [] {
             std::string faces;
             for (int i = 0; i < 300; ++i) faces += "\U0001F600";
             return faces;
           }()},
          {"control characters", "a\x01\x1b[31m\x7f\xc2\x80"},
          {"right to left", "\u202eabc"},
          {"lines of a mail's header", "a\r\nBcc: all@example.org\r\n\r\nb"},
          {"SQL", sql},
          {"words of a text search", "a:*&|!()<->'\"\\"},
          {"markup", "<script>alert(1)</script>"},
          {"formats", "%s%n%x${7*7}{{7*7}}"},
          {"a path", "../../etc/passwd"}};
}

Values odd_numbers(const FieldDescriptor& field) {
  if (is_narrow(field)) return {{"zero", "0"}, {"minus one", "-1"}, {"the most", "2147483647"}, {"the least", "-2147483648"}};
  return {{"zero", "0"}, {"minus one", "-1"}, {"the most", "9223372036854775807"}, {"the least", "-9223372036854775808"}};
}

struct Member {
  const FieldDescriptor* field;
  std::string text;
};

/// An object's members as JSON, so that one of them can be another.
std::vector<Member> members_of(const Message& message) {
  std::vector<Member> members;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const auto& field = *message.GetDescriptor()->field(i);
    if (field.has_presence() && !message.GetReflection()->HasField(message, &field)) continue;
    members.push_back({&field, {}});
    pkg::json::write_field(message, field, members.back().text);
  }
  return members;
}

std::string object(const std::vector<Member>& members, const std::string& more = "") {
  std::string out;
  for (const auto& member : members) out += (out.empty() ? "" : ",") + in_quotes(member.field->json_name()) + ":" + member.text;
  return "{" + out + (out.empty() || more.empty() ? "" : ",") + more + "}";
}

std::string with(std::vector<Member> members, const FieldDescriptor& field, const std::string& text) {
  const auto found = std::ranges::find(members, &field, &Member::field);
  if (found == members.end())
    members.push_back({&field, text});
  else
    found->text = text;
  return object(members);
}

bool is_object(const FieldDescriptor& field) { return field.message_type() != nullptr && !field.is_repeated() && !is_time(field); }

/// The message, or an empty one where it is absent.
const Message& inside(const Message& message, const FieldDescriptor& field) { return message.GetReflection()->GetMessage(message, &field); }

/// Objects that are not well-formed as this message.
Values malformed_objects(const Message& message) {
  const auto members = members_of(message);
  Values bodies{{"a field that nobody knows", object(members, R"("unknownField":1)")},
                {"a prototype", object(members, R"("__proto__":{"admin":true})")},
                {"a very long name", object(members, "\"" + std::string(100'000, 'k') + "\":1")},
                {"a name that is no UTF-8", object(members, "\"\xff\":1")}};
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const auto& field = *message.GetDescriptor()->field(i);
    const auto name = field.json_name();
    for (const auto& value : of_another_type(field)) bodies.push_back({name + " is " + value.what, with(members, field, value.text)});
    const auto present = std::ranges::find(members, &field, &Member::field);
    if (present != members.end()) bodies.push_back({name + " twice", object(members, in_quotes(name) + ":" + present->text)});
    if (field.name() != name) bodies.push_back({name + " as in the .proto", object(members, in_quotes(field.name()) + ":null")});
    if (!is_object(field)) continue;
    for (const auto& deeper : malformed_objects(inside(message, field)))
      bodies.push_back({name + ": " + deeper.what, with(members, field, deeper.text)});
  }
  return bodies;
}

Values strange_objects(const Message& message, const std::function<bool(const FieldDescriptor&)>& is_left_out = {}) {
  const auto members = members_of(message);
  Values bodies;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const auto& field = *message.GetDescriptor()->field(i);
    if (is_left_out && is_left_out(field)) continue;
    const auto add = [&](const std::string& what, const std::string& text) {
      bodies.push_back({field.json_name() + " " + what, with(members, field, text)});
    };
    auto without = members;
    std::erase_if(without, [&](const Member& member) { return member.field == &field; });
    bodies.push_back({field.json_name() + " missing", object(without)});
    add("null", "null");
    if (is_text(field) && !field.is_repeated()) {
      for (const auto& value : odd_texts(field)) add(value.what, in_quotes(value.text));
    }
    if (is_whole_number(field)) {
      for (const auto& value : odd_numbers(field)) add(value.what, value.text);
    }
    if (!is_object(field)) continue;
    add("empty", "{}");
    for (const auto& deeper : strange_objects(inside(message, field))) add(deeper.what, deeper.text);
  }
  return bodies;
}

/// What is no JSON object at all.
Values no_objects(const std::string& good) {
  std::string objects_in_objects;
  for (int i = 0; i < 100'000; ++i) objects_in_objects += R"({"a":)";
  return {{"a brace", "{"},
          {"a closing brace", "}"},
          {"a list", "[]"},
          {"null", "null"},
          {"a number", "1"},
          {"a text", "\"x\""},
          {"true", "true"},
          {"two objects", good + good},
          {"something behind the end", good + "x"},
          {"a byte order mark", "\xEF\xBB\xBF" + good},
          {"the first half", good.substr(0, good.size() / 2)},
          {"single quotes", "{'id':1}"},
          {"names without quotes", "{id:1}"},
          {"a comma alone", "{,}"},
          {"a comment", "/* c */" + good},
          {"a zero byte", std::string(1, '\0')},
          {"UTF-16", std::string("\xff\xfe{\0}\0", 6)},
          {"a form", "id=1&name=x"},
          {"markup", "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]><x>&y;</x>"},
          {"100 000 brackets", std::string(100'000, '[')},
          {"100 000 objects", objects_in_objects},
          {"blanks", std::string(100'000, ' ')}};
}

/// The path with another text in place of its one variable, or nothing where it has none.
std::string with_last_variable(const Rpc& rpc, const std::string& good_path, const std::string& text) {
  const auto begin = rpc.path.rfind('{');
  if (begin == std::string::npos) return {};
  const auto behind = rpc.path.size() - rpc.path.find('}', begin) - 1;
  const auto ahead = good_path.rfind('/', good_path.size() - behind - 1);
  return good_path.substr(0, ahead + 1) + text + good_path.substr(good_path.size() - behind);
}

void attack_path(const Rpc& rpc, const Spoken& good, std::vector<Attack>& attacks) {
  const auto add = [&](const std::string& what, const std::string& text, int status = 0) {
    const auto path = with_last_variable(rpc, good.path, text);
    if (!path.empty()) attacks.push_back({"in the path " + what, rpc.verb, path + good.query, good.body, json, status});
  };
  for (const auto& value : no_ids()) add(value.what, percent_encoded(value.text));
  for (const char* bad : {"%00", "%ff", "%", "%z", "%zz", "a%2", "%c0%af"}) add(bad, bad, 400);
  for (const char* elsewhere : {"..%2f..%2fetc%2fpasswd", "%2e%2e%2f", "%2F", "..", ".", "*", "a/b/c", ""}) add(elsewhere, elsewhere);
  add("9 000 letters", std::string(9'000, 'a'), 414);
}

void attack_query(const Rpc& rpc, const Spoken& good, std::vector<Attack>& attacks) {
  const auto add = [&](const std::string& what, const std::string& query) {
    const auto target = good.path + good.query + (good.query.empty() ? "?" : "&") + query;
    attacks.push_back({"in the query " + what, rpc.verb, target, good.body, json, 400});
  };
  for (const char* bad : {"nobodyKnows=1", "x", "%00=1", "a=%ff", "a=%", "%zz=1"}) add(bad, bad);
  if (rpc.has_body) return;
  for (int i = 0; i < rpc.method->input_type()->field_count(); ++i) {
    const auto& field = *rpc.method->input_type()->field(i);
    const auto name = field.json_name();
    if (rpc.is_in_path(field)) {
      add(name + " which is in the path", name + "=" + uuid);
      continue;
    }
    const auto is = [&](const std::string& what, const std::string& text) { add(name + " " + what, name + "=" + percent_encoded(text)); };
    if (is_whole_number(field)) {
      for (const char* text : {"", "x", "1.5", "1e3", "1e400", "0x10", "99999999999999999999", "9223372036854775808", " 1"}) is(text, text);
      add(name + " twice", name + "=1&" + name + "=1");
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL || field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      for (const char* text : {"", "NO_SUCH_WORD", "99", "-1"}) is(text, text);
    } else if (is_time(field)) {
      for (const char* text : {"", "yesterday", "1", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z", "99999-01-01T00:00:00Z", "0000-00-00"})
        is(text, text);
    } else if (is_text(field)) {
      add(name + " as bytes that are no UTF-8", name + "=%ff%fe");
      add(name + " with U+0000", name + "=a%00b");
    }
    if (field.name() == "page_size") {
      for (const char* text : {"-1", "101", "2147483647", "-2147483648"}) is(text, text);
    }
    if (field.name() == "page_token") {
      for (const char* text : {"x", "!!!!", "AAAA", "eyJhIjoxfQ", "'; DROP TABLE users; --"}) is(text, text);
      is("of 5 000 letters", std::string(5'000, 'A'));
    }
    if (is_text(field) && is_id(field)) {
      for (const auto& value : no_ids()) is(value.what, value.text);
    }
    if (field.name() != name) add(name + " as in the .proto", field.name() + "=1");
  }
}

void attack_method(const Rpc& rpc, const Spoken& good, std::vector<Attack>& attacks) {
  std::set<std::string> known;
  for (const auto& other : all_rpcs()) {
    if (other.path == rpc.path) known.insert(other.verb);
  }
  for (const char* verb : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get"}) {
    if (!known.contains(verb)) attacks.push_back({std::string("method ") + verb, verb, good.path, {}, {}, 405});
  }
}

void attack_body(const Rpc& rpc, const Spoken& good, std::vector<Attack>& attacks) {
  const auto target = good.path + good.query;
  if (!rpc.has_body) {
    attacks.push_back({"a body where none is expected", rpc.verb, target, "{}", json, 400});
    return;
  }
  for (const auto& value : no_objects(good.body)) attacks.push_back({"the body is " + value.what, rpc.verb, target, value.text, json, 400});
  for (const char* type : {"", "Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n",
                           "Content-Type: multipart/form-data; boundary=x\r\n", "Content-Type: application/xml\r\n", "Content-Type: ;\r\n"})
    attacks.push_back({std::string("another content type: ") + type, rpc.verb, target, good.body, type, 415});
  attacks.push_back({"a body of 1.1 MiB", rpc.verb, target, "{\"x\":\"" + std::string(1'153'434, 'x') + "\"}", json, 413});
}

}  // namespace

std::vector<Attack> malformed_calls(const Rpc& rpc, const Message& request) {
  std::vector<Attack> attacks;
  const auto good = speak(rpc, request);
  attack_path(rpc, good, attacks);
  attack_query(rpc, good, attacks);
  attack_method(rpc, good, attacks);
  attack_body(rpc, good, attacks);
  if (rpc.has_body) {
    for (auto& value : malformed_objects(request)) attacks.push_back({value.what, rpc.verb, good.path, std::move(value.text), json, 400});
  }
  return attacks;
}

std::vector<Attack> strange_calls(const Rpc& rpc, const Message& request) {
  std::vector<Attack> attacks;
  const auto good = speak(rpc, request);
  const auto add = [&](const std::string& what, const std::string& target, const std::string& body, const std::string& headers = "") {
    attacks.push_back({what, rpc.verb, target, body, json + headers});
  };
  if (rpc.verb == "GET") {
    for (const char* accept : {"text/html", "image/*;q=x", ";;;"})
      add(std::string("asking for ") + accept, good.path + good.query, good.body, std::string("Accept: ") + accept + "\r\n");
  }
  add("an id of zeros", with_last_variable(rpc, good.path, "00000000-0000-0000-0000-000000000000") + good.query, "{}");
  if (rpc.has_body) {
    add("no body", good.path, "");
    add("an empty object", good.path, "{}");
    // What the path says need not be said again.
    const auto unsaid = [&](const FieldDescriptor& field) { return rpc.is_in_path(field); };
    for (const auto& value : strange_objects(request, unsaid)) add(value.what, good.path, value.text);
    return attacks;
  }
  const auto ask = [&](const std::string& what, const std::string& query) {
    add(what, good.path + good.query + (good.query.empty() ? "?" : "&") + query, "");
  };
  for (int i = 0; i < rpc.method->input_type()->field_count(); ++i) {
    const auto& field = *rpc.method->input_type()->field(i);
    if (rpc.is_in_path(field)) continue;
    const auto name = field.json_name() + "=";
    if (is_whole_number(field)) {
      for (const auto& value : odd_numbers(field)) ask(name + value.what, name + value.text);
    } else if (is_text(field) && !is_id(field)) {
      for (const auto& value : odd_texts(field)) ask(name + value.what, name + percent_encoded(value.text.substr(0, 2'500)));
    } else if (is_time(field)) {
      for (const char* text : {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59-14:00"})
        ask(name + text, name + percent_encoded(text));
    }
    if (!field.is_repeated()) continue;
    std::string many;
    for (int n = 0; n < 150; ++n) many += (many.empty() ? "" : "&") + name + uuid;
    ask(name + " 150 times", many);
  }
  return attacks;
}

}  // namespace mall::testing
