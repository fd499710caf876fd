#include "pkg/mail/smtp_mailer.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "pkg/mail/message.hpp"

namespace pkg::mail {
namespace {

struct CurlDeleter {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::size_t read_some(char* buffer, std::size_t size, std::size_t count, void* source) {
  auto& rest = *static_cast<std::string_view*>(source);
  const auto taken = std::min(size * count, rest.size());
  std::memcpy(buffer, rest.data(), taken);
  rest.remove_prefix(taken);
  return taken;
}

bool is_on_loopback(std::string_view url) {
  const auto host = url.substr(std::min(url.find("://") + 3, url.size()));
  return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
}

/// What the server answered last tells a refusal for good (5xx) from one for now (4xx); without an answer nobody knows.
errors::Result<> outcome(CURLcode code, long answer) {
  using errors::ErrorKind;
  if (code == CURLE_OK) return {};
  if (code == CURLE_LOGIN_DENIED)
    return errors::fail(ErrorKind::unavailable, "mail_unavailable", "the mail server does not accept our sign-in");
  if (answer >= 500 && answer < 600)
    return errors::fail(ErrorKind::rejected, "mail_refused", fmt::format("the mail server refused the mail for good ({})", answer));
  if (answer >= 400 && answer < 500)
    return errors::fail(ErrorKind::unavailable, "mail_unavailable", fmt::format("the mail server refused the mail for now ({})", answer));
  return errors::fail(ErrorKind::unavailable, "mail_unavailable",
                      fmt::format("the mail could not be delivered: {}", curl_easy_strerror(code)));
}

class SmtpMailer final : public Mailer {
 public:
  SmtpMailer(SmtpOptions options, const clock::Clock& clock, ids::IdSource& ids) : options_(std::move(options)), clock_(clock), ids_(ids) {}

  errors::Result<> send(const Mail& mail) override {
    Mail named = mail;
    if (named.id.empty()) named.id = ids_.next().to_string();
    if (const auto checked = check(named); !checked) return checked;
    const std::string message = render(named, clock_.now());
    std::string_view rest = message;

    const std::unique_ptr<CURL, CurlDeleter> curl(curl_easy_init());
    const std::unique_ptr<curl_slist, ListDeleter> recipients(curl_slist_append(nullptr, named.to.c_str()));
    if (!curl || !recipients) return errors::fail(errors::ErrorKind::unavailable, "mail_unavailable", "there is no memory for a mail now");
    connect_by(curl.get());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, named.from.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, read_some);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, &rest);
    const auto code = curl_easy_perform(curl.get());
    long answer = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer);
    return outcome(code, answer);
  }

 private:
  void connect_by(CURL* curl) const {
    curl_easy_setopt(curl, CURLOPT_URL, options_.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");  // whatever the environment says
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_within.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.send_within.count()));
    if (!options_.user.empty()) {
      curl_easy_setopt(curl, CURLOPT_USERNAME, options_.user.c_str());
      curl_easy_setopt(curl, CURLOPT_PASSWORD, options_.password.c_str());
    }
    const bool needs_tls = options_.insist_on_tls || (!options_.user.empty() && !is_on_loopback(options_.url));
    curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(needs_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  }

  SmtpOptions options_;
  const clock::Clock& clock_;
  ids::IdSource& ids_;
};

}  // namespace

std::unique_ptr<Mailer> smtp_mailer(SmtpOptions options, const clock::Clock& clock, ids::IdSource& ids) {
  return std::make_unique<SmtpMailer>(std::move(options), clock, ids);
}

}  // namespace pkg::mail
