#include "pkg/messaging/nats/bundle.hpp"

#include <algorithm>
#include <optional>

#include "pkg/messaging/header_text.hpp"
#include "pkg/messaging/id_of_bytes.hpp"
#include "pkg/messaging/nats/wire.hpp"

namespace pkg::messaging::nats {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view id_header = "Nats-Msg-Id";

struct Sizes {
  std::size_t headers;
  std::size_t payload;
};

void append_enclosed(std::string& body, std::string_view headers, std::string_view payload) {
  body.append(std::to_string(header_block_size(headers))).append(" ").append(std::to_string(payload.size())).append(line_end);
  append_header_block(body, headers);
  body.append(payload).append(line_end);
}

/// "<bytes of headers> <bytes of payload>"; nothing where the line says something else.
std::optional<Sizes> sizes_in(std::string_view line) {
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto headers = parse_number(line.substr(0, blank));
  const auto payload = parse_number(line.substr(blank + 1));
  if (!headers || !payload) return std::nullopt;
  return Sizes{*headers, *payload};
}

/// Of channel and key: within these order is promised.
std::string order_of(const Message& message) { return std::string(message.channel).append(1, '\0').append(message.key); }

}  // namespace

std::expected<std::vector<Enclosed>, std::string> read_bundle(std::string_view count, std::string_view body) {
  const auto wanted = parse_number(count);
  if (!wanted || *wanted == 0 || *wanted > most_in_read_bundle) {
    return std::unexpected("a bundle says no number of messages: " + printable(count));
  }
  std::vector<Enclosed> all;
  all.reserve(*wanted);
  while (!body.empty() && all.size() < *wanted) {
    const std::size_t size = body.find(line_end);
    const auto sizes = size == std::string_view::npos ? std::nullopt : sizes_in(body.substr(0, size));
    if (!sizes) return std::unexpected("a bundle says no sizes: " + printable(body.substr(0, size)));
    body.remove_prefix(size + line_end.size());
    if (sizes->headers > body.size() || sizes->payload > body.size() - sizes->headers) {
      return std::unexpected("a bundle is shorter than it says");
    }
    Enclosed each;
    const std::string_view block = body.substr(0, sizes->headers);
    each.has_broken_headers = !block.empty() && !read_header_block(block, each.headers);
    each.payload = body.substr(sizes->headers, sizes->payload);
    body.remove_prefix(sizes->headers + sizes->payload);
    if (!body.starts_with(line_end)) return std::unexpected("a message of a bundle is longer than it says");
    body.remove_prefix(line_end.size());
    all.push_back(std::move(each));
  }
  if (all.size() != *wanted || !body.empty())
    return std::unexpected("a bundle has not the number of messages that it says: " + printable(count));
  return all;
}

void Bundler::add(const Message& message, std::string subject, std::string headers, Broker::Published published) {
  auto [of_key, is_first_of_key] = by_key_.try_emplace(order_of(message), 0);
  const auto of_subject = by_subject_.find(subject);
  if (of_subject != by_subject_.end()) {
    Open& open = records_[of_subject->second];
    const std::size_t size = std::max(open.body.size(), open.record.payload.size()) + header_block_size(headers) + message.payload.size();
    const bool keeps_order = is_first_of_key || of_key->second <= of_subject->second;
    if (keeps_order && open.record.published.size() < most_in_bundle && size <= limit_) {
      if (open.body.empty()) append_enclosed(open.body, open.record.header_lines, open.record.payload);
      append_enclosed(open.body, headers, message.payload);
      open.ids += message.id;
      open.record.published.push_back(std::move(published));
      of_key->second = of_subject->second;
      return;
    }
  }
  of_key->second = records_.size();
  by_subject_.insert_or_assign(subject, records_.size());
  Record record{{}, std::move(subject), std::move(headers), message.payload, {}};
  record.published.push_back(std::move(published));
  records_.push_back({std::move(record), message.id, {}});
}

std::vector<Record> Bundler::take() {
  std::vector<Record> records;
  records.reserve(records_.size());
  for (Open& open : records_) {
    Record& record = open.record;
    if (open.body.empty()) {
      record.id = std::move(open.ids);
    } else {
      record.id = id_of_bytes(open.ids);
      record.header_lines.clear();
      append_header_line(record.header_lines, bundle_header, std::to_string(record.published.size()));
      record.payload = std::move(open.body);
    }
    append_header_line(record.header_lines, id_header, record.id);
    records.push_back(std::move(record));
  }
  records_.clear();
  by_subject_.clear();
  by_key_.clear();
  return records;
}

}  // namespace pkg::messaging::nats
