#include "pkg/mail/smtp_mailer.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "pkg/ids/id_sources.hpp"

namespace pkg::mail {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

/// aiosmtpd in a child process, on a free port of loopback.
class SmtpServer {
 public:
  SmtpServer() {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    out_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    // Debian's own Python, which has the packages that Debian installs.
    std::string program = "/usr/bin/python3", script = "pkg/mail/smtp_server_for_tests.py";
    char* arguments[] = {program.data(), script.data(), nullptr};
    EXPECT_EQ(posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    url_ = "smtp://127.0.0.1:" + next_line("the server's port");
  }
  ~SmtpServer() {
    stop();
    close(out_);
  }
  void stop() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  const std::string& url() const { return url_; }

  /// What the server prints next; waits for it up to 20 s.
  std::string next_line(std::string_view awaited) {
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (buffer_.find('\n') == std::string::npos) {
      pollfd ready{out_, POLLIN, 0};
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(give_up - std::chrono::steady_clock::now());
      char bytes[65536];
      const auto got = left.count() > 0 && poll(&ready, 1, static_cast<int>(left.count())) == 1 ? read(out_, bytes, sizeof bytes) : 0;
      if (got <= 0) {
        ADD_FAILURE() << "the mail server did not print " << awaited;
        return {};
      }
      buffer_.append(bytes, static_cast<std::size_t>(got));
    }
    const auto end = buffer_.find('\n');
    auto line = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    return line;
  }

 private:
  pid_t pid_ = 0;
  int out_ = -1;
  std::string buffer_;
  std::string url_;
};

class SmtpMailers : public testing::Test {
 protected:
  static void SetUpTestSuite() { server = new SmtpServer(); }
  static void TearDownTestSuite() {
    delete server;
    server = nullptr;
  }

  errors::Result<> send(const Mail& mail) { return smtp_mailer({.url = server->url()}, clock, ids)->send(mail); }
  static Mail mail_to(std::string to) {
    return {.from = "shop@mall.test", .to = std::move(to), .subject = "Ready", .text = "Come.\n", .id = {}};
  }

  static SmtpServer* server;
  clock::ManualClock clock;
  ids::CountingIds ids;
};
SmtpServer* SmtpMailers::server = nullptr;

TEST_F(SmtpMailers, DeliverAMailThatAnotherParserReadsBack) {
  Mail mail = mail_to("ann@people.test");
  mail.subject = "Grüße: Ihre Bestellung über 12 € liegt für Sie bereit, und zwar am Schalter 3 😀";
  mail.text = "Liebe Ann,\n.\n..two dots\n" + std::string(2000, 'x') + "\nschöne Grüße \n=?utf-8?Q?no?=\n";
  const auto sent = send(mail);
  ASSERT_TRUE(sent) << sent.error().detail;
  const auto seen = server->next_line("the mail");
  EXPECT_THAT(seen, HasSubstr("\"from\": \"shop@mall.test\""));
  EXPECT_THAT(seen, HasSubstr("\"to\": [\"ann@people.test\"]"));
  EXPECT_THAT(seen, HasSubstr("\"Subject\": \"" + mail.subject + "\""));
  EXPECT_THAT(seen, HasSubstr("\"Date\": \"Tue, 14 Nov 2023 22:13:20 +0000\""));
  EXPECT_THAT(seen, HasSubstr("\"Message-ID\": \"<" + ids::CountingIds::nth(1).to_string() + "@mall.test>\""));
  EXPECT_THAT(seen,
              HasSubstr("\"text\": \"Liebe Ann,\\n.\\n..two dots\\n" + std::string(2000, 'x') + "\\nschöne Grüße \\n=?utf-8?Q?no?=\\n\""));
  EXPECT_THAT(seen, HasSubstr("\"defects\": []"));
  EXPECT_THAT(seen, HasSubstr("\"longest\": 76")) << "RFC 2045 and RFC 2047 allow lines of 76";
}

TEST_F(SmtpMailers, KeepTheIdOfAMailThatIsSentAgain) {
  Mail mail = mail_to("ann@people.test");
  mail.id = "notification-7";
  ASSERT_TRUE(send(mail));
  ASSERT_TRUE(send(mail));
  for (int i = 0; i < 2; ++i) EXPECT_THAT(server->next_line("the mail"), HasSubstr("<notification-7@mall.test>"));
}

TEST_F(SmtpMailers, TellARefusalForGoodFromOneForNow) {
  const auto never = send(mail_to("never@people.test"));
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().kind, errors::ErrorKind::rejected);
  EXPECT_EQ(never.error().code, "mail_refused");
  EXPECT_THAT(never.error().detail, HasSubstr("550"));
  EXPECT_THAT(never.error().detail, testing::Not(HasSubstr("never@")));

  const auto later = send(mail_to("later@people.test"));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().kind, errors::ErrorKind::unavailable);
  EXPECT_EQ(later.error().code, "mail_unavailable");
}

TEST_F(SmtpMailers, SendNothingWhenAHeaderWouldBeInjected) {
  Mail mail = mail_to("ann@people.test");
  mail.subject = "Ready\r\nBcc: all@people.test";
  EXPECT_EQ(send(mail).error().kind, errors::ErrorKind::malformed);
  mail = mail_to("ann@people.test>\r\nRCPT TO:<bob@people.test");
  EXPECT_EQ(send(mail).error().kind, errors::ErrorKind::malformed);
  ASSERT_TRUE(send(mail_to("next@people.test")));
  EXPECT_THAT(server->next_line("the good mail"), HasSubstr("next@people.test")) << "the bad ones must not have arrived";
}

TEST_F(SmtpMailers, GiveUpOnAServerThatDoesNotAnswer) {
  const auto start = std::chrono::steady_clock::now();
  const auto result = smtp_mailer({.url = server->url(), .send_within = 300ms}, clock, ids)->send(mail_to("slow@people.test"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, errors::ErrorKind::unavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST_F(SmtpMailers, DoNotSignInOrSendInTheClearWhenTlsIsInsistedOn) {
  const auto result = smtp_mailer({.url = server->url(), .insist_on_tls = true}, clock, ids)->send(mail_to("ann@people.test"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, errors::ErrorKind::unavailable);
}

TEST_F(SmtpMailers, DeliverFromManyThreads) {
  const auto mailer = smtp_mailer({.url = server->url()}, clock, ids);
  std::atomic<int> sent = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 5; ++i) sent += mailer->send(mail_to("many@people.test")).has_value() ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(sent, 20);
  for (int i = 0; i < 20; ++i) EXPECT_THAT(server->next_line("a mail"), HasSubstr("many@people.test"));
}

TEST(SmtpMailer, SaysThatAServerIsAway) {
  SmtpServer server;
  server.stop();
  const clock::ManualClock clock;
  ids::CountingIds ids;
  const auto result =
      smtp_mailer({.url = server.url()}, clock, ids)->send({.from = "a@x", .to = "b@x", .subject = "s", .text = "t", .id = {}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, errors::ErrorKind::unavailable);
  EXPECT_EQ(result.error().code, "mail_unavailable");
}

}  // namespace
}  // namespace pkg::mail
