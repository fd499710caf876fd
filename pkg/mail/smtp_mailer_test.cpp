#include "pkg/mail/smtp_mailer.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "pkg/ids/id_sources.hpp"
#include "pkg/mail/smtp_server_for_tests.hpp"

namespace pkg::mail {
namespace {

using mail::testing::SmtpServer;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class SmtpMailers : public ::testing::Test {
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
  EXPECT_THAT(never.error().detail, ::testing::Not(HasSubstr("never@")));

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
