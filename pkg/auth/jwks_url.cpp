#include "pkg/auth/jwks_url.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>
#include <utility>

namespace pkg::auth {
namespace {

constexpr std::size_t longest_answer = 64 * 1024;

struct CurlDeleter {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* target) {
  auto& body = *static_cast<std::string*>(target);
  if (body.size() + size * count > longest_answer) return 0;  // curl ends the transfer with an error
  body.append(data, size * count);
  return size * count;
}

std::unexpected<errors::Error> no_keys(std::string_view why) {
  return errors::fail(errors::ErrorKind::unavailable, "keys_unavailable",
                      fmt::format("the keys of access tokens cannot be fetched: {}", why));
}

errors::Result<std::string> fetch(const std::string& url, std::chrono::milliseconds timeout) {
  const std::unique_ptr<CURL, CurlDeleter> curl(curl_easy_init());
  if (!curl) return no_keys("out of memory");
  std::string body;
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  if (const auto code = curl_easy_perform(curl.get()); code != CURLE_OK) return no_keys(curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return no_keys(fmt::format("the answer's status is {}", status));
  return body;
}

}  // namespace

KeySet::Fetch keys_at(std::string url, std::chrono::milliseconds timeout) {
  return [url = std::move(url), timeout] { return fetch(url, timeout); };
}

}  // namespace pkg::auth
