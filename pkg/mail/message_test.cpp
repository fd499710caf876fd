#include "pkg/mail/message.hpp"

#include <gmock/gmock.h>

#include "pkg/mail/memory_mailer.hpp"

namespace pkg::mail {
namespace {

using testing::HasSubstr;

Mail good() { return {.from = "shop@mall.test", .to = "ann@people.test", .subject = "Ready", .text = "Come and get it.\n", .id = "m-1"}; }

TEST(CheckMail, RefusesWhatCouldEndAHeaderOrACommand) {
  EXPECT_TRUE(check(good()));
  std::string too_long = "@x.test";
  too_long.insert(0, 250, 'a');
  const std::vector<std::string> addresses = {"",          "ann",         "@x",
                                              "ann@",      "a@b@c",       "ann@x\r\nBcc: all@x",
                                              "ann@x\n",   "<ann@x>",     "ann@x> SIZE=1",
                                              "Ann ann@x", "ann@x,bob@x", std::string("ann\0@x", 6),
                                              "änn@x",     too_long};
  for (const auto& address : addresses) {
    Mail mail = good();
    mail.to = address;
    EXPECT_EQ(check(mail).error().field, "to") << address;
    mail = good();
    mail.from = address;
    EXPECT_EQ(check(mail).error().field, "from") << address;
  }
  const std::vector<std::string> subjects = {"a\r\nBcc: x@y", "a\nb", std::string("a\0b", 3), std::string(901, 'x')};
  for (const auto& subject : subjects) {
    Mail mail = good();
    mail.subject = subject;
    EXPECT_EQ(check(mail).error().code, "mail_subject_malformed");
  }
  Mail mail = good();
  mail.id = "a>\r\nX: y";
  EXPECT_EQ(check(mail).error().code, "mail_id_malformed");
}

TEST(RenderMail, WritesHeadersAndBodyWithCrlf) {
  EXPECT_EQ(
      render(good(), clock::ManualClock().now()),
      "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\nFrom: <shop@mall.test>\r\nTo: <ann@people.test>\r\nSubject: Ready\r\nMessage-ID: <m-1@mall.test>\r\n"
      "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\nAuto-Submitted: auto-generated\r\n"
      "\r\nCome and get it.\r\n");
}

TEST(EncodeHeader, LeavesPlainTextAndEncodesTheRest) {
  EXPECT_EQ(encode_header("Your order is ready"), "Your order is ready");
  EXPECT_EQ(encode_header("Grüße"), "=?utf-8?B?R3LDvMOfZQ==?=");
  EXPECT_EQ(encode_header("=?x"), "=?utf-8?B?PT94?=");
  const auto folded = encode_header(std::string(300, 'x'));
  for (std::size_t at = 0, end = 0; at < folded.size(); at = end + 2) {
    end = std::min(folded.find("\r\n", at), folded.size());
    EXPECT_LE(end - at, 76u) << folded;
  }
}

TEST(QuotedPrintable, KeepsLinesShortAndBlanksAtLineEnds) {
  EXPECT_EQ(quoted_printable("a=b\nä\tz \r\nend"), "a=3Db\r\n=C3=A4\tz=20\r\nend\r\n");
  EXPECT_EQ(quoted_printable("bare\rreturn"), "bare=0Dreturn\r\n");
  EXPECT_EQ(quoted_printable(""), "\r\n");
  const auto folded = quoted_printable(std::string(200, 'x'));
  const std::string full(75, 'x');
  EXPECT_EQ(folded, full + "=\r\n" + full + "=\r\n" + full.substr(25) + "\r\n");
}

TEST(MemoryMailer, KeepsWhatIsSentAndFailsWhenTold) {
  MemoryMailer mailer;
  EXPECT_TRUE(mailer.send(good()));
  mailer.fail_with(errors::Error{errors::ErrorKind::unavailable, "mail_unavailable", "away", ""});
  EXPECT_EQ(mailer.send(good()).error().code, "mail_unavailable");
  EXPECT_EQ(mailer.sent().size(), 1u);
  mailer.fail_with(std::nullopt);
  Mail bad = good();
  bad.to = "nobody";
  EXPECT_EQ(mailer.send(bad).error().code, "mail_address_malformed");
}

}  // namespace
}  // namespace pkg::mail
