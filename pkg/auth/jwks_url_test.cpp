#include "pkg/auth/jwks_url.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "pkg/testing/ports.hpp"
#include "pkg/testing/process.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::auth {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Gives everybody who asks the same bytes, or reads and says nothing where there are none.
class Server {
 public:
  explicit Server(std::string answer) : answer_(std::move(answer)), thread_([this](const std::stop_token& stop) { serve(stop); }) {}
  ~Server() {
    thread_.request_stop();
    boost::system::error_code ignored;
    asio::ip::tcp::socket(io_).connect(acceptor_.local_endpoint(), ignored);
  }
  std::string url(const std::string& path = "/jwks") const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
  }
  std::string asked() {
    thread_.request_stop();
    thread_.join();
    return asked_;
  }

 private:
  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      auto client = acceptor_.accept();
      boost::system::error_code error;
      asio::read_until(client, asio::dynamic_buffer(asked_), "\r\n\r\n", error);
      if (answer_.empty()) client.read_some(asio::buffer(asked_), error);  // until the other side gives up
      if (!error) asio::write(client, asio::buffer(answer_), error);
      if (!answer_.empty()) return;
    }
  }

  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_{io_, {asio::ip::make_address("127.0.0.1"), 0}};
  const std::string answer_;
  std::string asked_;
  std::jthread thread_;
};

std::string answer(const std::string& body, const std::string& status = "200 OK") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(KeysAt, GivesTheBodyOfTheAnswer) {
  Server server(answer(R"({"keys":[]})"));
  const auto keys = keys_at(server.url("/some/where?and=what"))();
  ASSERT_TRUE(keys) << keys.error().detail;
  EXPECT_EQ(*keys, R"({"keys":[]})");
  EXPECT_TRUE(server.asked().starts_with("GET /some/where?and=what HTTP/1.1\r\n"));
}

std::string refusal(const KeySet::Fetch& fetch) {
  const auto keys = fetch();
  if (keys) return "no refusal: " + *keys;
  EXPECT_EQ(keys.error().code, "keys_unavailable");
  EXPECT_EQ(keys.error().kind, errors::ErrorKind::unavailable);
  return keys.error().detail;
}

TEST(KeysAt, TakesNothingButAnAnswerThatIsFineAndNotTooLong) {
  Server away(answer("{}", "503 Service Unavailable"));
  EXPECT_NE(refusal(keys_at(away.url())).find("503"), std::string::npos);
  Server talkative(answer(std::string(65 * 1024, ' ')));
  EXPECT_NE(refusal(keys_at(talkative.url())).find("body limit"), std::string::npos);
  Server rubbish("rubbish\r\n\r\n");
  EXPECT_NE(refusal(keys_at(rubbish.url())), "");
}

TEST(KeysAt, WaitsNoLongerThanItWasTold) {
  Server silent("");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_NE(refusal(keys_at(silent.url(), 100ms)).find("in time"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

TEST(KeysAt, SaysWhatIsWrongWhereNobodyListensOrTheUrlIsNone) {
  EXPECT_NE(refusal(keys_at("http://127.0.0.1:" + std::to_string(testing::free_port()) + "/")).find("refused"), std::string::npos);
  EXPECT_NE(refusal(keys_at("ftp://localhost/")).find("no http(s) url"), std::string::npos);
}

/// A server with a certificate for localhost that it signed itself.
class Encrypted : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string made = (fs::temp_directory_path() / "jwks-XXXXXX").string();
    ASSERT_NE(::mkdtemp(made.data()), nullptr);
    folder = made;
    run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", (folder / "key").string(), "-out",
         (folder / "certificate").string()});
    std::ofstream(folder / "jwks") << answer("the keys");
    server = std::make_unique<testing::Process>(testing::Process::Command{
        .words = {"openssl", "s_server", "-accept", "127.0.0.1:" + std::to_string(port), "-cert", "certificate", "-key", "key", "-HTTP"},
        .environment = {},
        .folder = folder,
        .log = folder / "log"});
    server->start();
    testing::wait_until([&] { return server->log().find("ACCEPT") != std::string::npos; }, "the server to listen");
  }
  void TearDown() override {
    ::unsetenv("SSL_CERT_FILE");
    server->kill();
    fs::remove_all(folder);
  }
  void run(const std::vector<std::string>& words) {
    testing::Process process({.words = words, .environment = {}, .folder = folder, .log = folder / "log"});
    process.start();
    testing::wait_until([&] { return !process.is_running(); }, words.front());
    ASSERT_EQ(process.stop(), 0) << process.log();
  }
  KeySet::Fetch keys_of(const std::string& host) const { return keys_at("https://" + host + ":" + std::to_string(port) + "/jwks"); }

  fs::path folder;
  const std::uint16_t port = testing::free_port();
  std::unique_ptr<testing::Process> server;
};

TEST_F(Encrypted, IsTrustedWhereItsCertificateIsAndHasTheHostsName) {
  EXPECT_NE(refusal(keys_of("localhost")).find("certificate verify failed"), std::string::npos);
  ::setenv("SSL_CERT_FILE", (folder / "certificate").c_str(), 1);
  const auto keys = keys_of("localhost")();
  ASSERT_TRUE(keys) << keys.error().detail;
  EXPECT_EQ(*keys, "the keys");
  EXPECT_NE(refusal(keys_of("127.0.0.1")).find("certificate verify failed"), std::string::npos) << "it is another's name";
}

}  // namespace
}  // namespace pkg::auth
