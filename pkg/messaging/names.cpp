#include "pkg/messaging/names.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace pkg::messaging {
namespace {

bool is_of_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; }

void require(bool holds, const char* what, const std::string& name) {
  if (holds) return;
  static_cast<void>(std::fprintf(stderr, "subscribing: %s: '%s'\n", what, name.c_str()));
  std::abort();
}

}  // namespace

bool is_channel_name(std::string_view name) {
  if (name.empty() || name.size() > 200 || name.front() == '.' || name.back() == '.') return false;
  if (name.find("..") != std::string_view::npos) return false;
  return std::ranges::all_of(name, [](char c) { return c == '.' || is_of_word(c); });
}

bool is_group_name(std::string_view name) { return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, is_of_word); }

bool wants(const SubscribeTo& what, std::string_view type) {
  return what.types.empty() || std::ranges::find(what.types, type) != what.types.end();
}

void require_names(const SubscribeTo& what) {
  require(is_group_name(what.group), "not a name of a group", what.group);
  for (const auto& channel : what.channels) require(is_channel_name(channel), "not a name of a channel", channel);
}

}  // namespace pkg::messaging
