#pragma once
// Inside pkg/auth only: cjose and jansson with owners for what they hand out. Included by .cpp files alone.

#include <cjose/cjose.h>
#include <jansson.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pkg::auth {

struct JsonDeleter {
  void operator()(json_t* json) const { json_decref(json); }
};
using Json = std::unique_ptr<json_t, JsonDeleter>;

struct JwsDeleter {
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};
using Jws = std::unique_ptr<cjose_jws_t, JwsDeleter>;

struct HeaderDeleter {
  void operator()(cjose_header_t* header) const { cjose_header_release(header); }
};
using Header = std::unique_ptr<cjose_header_t, HeaderDeleter>;

/// A JSON object in which no name occurs twice, on any level; null for everything else.
inline Json parse_object(std::string_view text) {
  Json json(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, nullptr));
  return json && json_is_object(json.get()) ? std::move(json) : nullptr;
}

/// The text under `name`, if it is there and a text.
inline std::optional<std::string> text_at(const json_t* object, const char* name) {
  const json_t* value = json_object_get(object, name);
  if (!json_is_string(value)) return std::nullopt;
  return std::string(json_string_value(value), json_string_length(value));
}

inline std::string dump(const json_t* json) {
  char* text = json_dumps(json, JSON_COMPACT);
  if (text == nullptr) return {};
  std::string copy(text);
  free(text);  // NOLINT: jansson's allocator is malloc
  return copy;
}

}  // namespace pkg::auth
