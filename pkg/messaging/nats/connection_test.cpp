#include "pkg/messaging/nats/connection.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

#include "pkg/messaging/nats/wire.hpp"
#include "pkg/testing/listening_socket.hpp"
#include "pkg/testing/nats_server.hpp"
#include "pkg/testing/ports.hpp"
#include "pkg/testing/process.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::messaging::nats {
namespace {

namespace fs = std::filesystem;
using pkg::testing::NatsServer;
using pkg::testing::wait_until;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

NatsOptions options_for(std::string url) {
  NatsOptions options;
  options.url = std::move(url);
  options.name = "test";
  return options;
}

std::string with(const NatsServer& server, std::string_view sign_in) {
  return "nats://" + std::string(sign_in) + "@127.0.0.1:" + std::to_string(server.port());
}

std::string refusal(const std::string& url) {
  const auto opened = open_connection(options_for(url), [] {});
  return opened ? "opened" : opened.error();
}

/// True where what is sent to a subject comes back from the server.
bool talks(Connection& connection, const std::string& payload = "hello") {
  std::mutex mutex;
  std::string heard;
  const auto inbox = connection.listen("a.thing", [&](const Incoming& incoming) {
    const std::scoped_lock lock(mutex);
    heard = incoming.payload;
  });
  if (inbox == nullptr || connection.send("a.thing", {}, {}, payload) != Sent::sent) return false;
  return wait_until(
      [&] {
        const std::scoped_lock lock(mutex);
        return heard == payload;
      },
      "what was sent comes back");
}

bool talks(const std::string& url) {
  const auto opened = open_connection(options_for(url), [] {});
  EXPECT_TRUE(opened) << opened.error();
  return opened && talks(**opened);
}

TEST(Connection, SignsInByNameAndPassword) {
  const NatsServer server({"--user", "mall", "--pass", "s:cret@/"});
  EXPECT_TRUE(talks(with(server, "mall:s%3Acret%40%2F")));
  EXPECT_THAT(refusal(with(server, "mall:wrong")), HasSubstr("Authorization Violation"));
  EXPECT_THAT(refusal(server.url()), HasSubstr("Authorization Violation"));
}

TEST(Connection, SignsInByToken) {
  const NatsServer server({"--auth", "a-token"});
  EXPECT_TRUE(talks(with(server, "a-token")));
  EXPECT_THAT(refusal(with(server, "another")), HasSubstr("Authorization Violation"));
}

TEST(Connection, TakesTheFirstServerThatIsThere) {
  const NatsServer server;
  EXPECT_TRUE(talks("nats://127.0.0.1:" + std::to_string(pkg::testing::free_port()) + ",127.0.0.1:" + std::to_string(server.port())));
}

TEST(Connection, SaysWhatIsWrongWithAnAddress) {
  EXPECT_THAT(refusal("http://127.0.0.1"), HasSubstr("not an address like nats://"));
  EXPECT_THAT(refusal(","), HasSubstr("not an address like nats://"));
  EXPECT_THAT(refusal("nats://user:secret@:4222"), ::testing::Not(HasSubstr("secret")));
  EXPECT_THAT(refusal("nats://127.0.0.1:" + std::to_string(pkg::testing::free_port())), HasSubstr("refused"));
  EXPECT_THAT(refusal("nats://nowhere.invalid"), HasSubstr("nowhere.invalid"));
}

TEST(Connection, WaitsNoLongerThanItWasToldForAServerThatSaysNothing) {
  const pkg::testing::ListeningSocket silent;
  auto options = options_for("nats://127.0.0.1:" + std::to_string(silent.port()));
  options.request_timeout = milliseconds{100};
  const auto start = std::chrono::steady_clock::now();
  const auto opened = open_connection(options, [] {});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr("in time"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds{1500});
}

TEST(Connection, SaysWhichServerItNeedsToOneThatIsTooOld) {
  const pkg::testing::ListeningSocket old;
  std::thread server([&] {
    const int client = ::accept(old.descriptor(), nullptr, nullptr);
    constexpr std::string_view greeting = "INFO {\"version\":\"2.9.10\",\"headers\":true}\r\n";
    EXPECT_EQ(::send(client, greeting.data(), greeting.size(), 0), static_cast<ssize_t>(greeting.size()));
    ::close(client);
  });
  const auto said = refusal("nats://127.0.0.1:" + std::to_string(old.port()));
  server.join();
  EXPECT_THAT(said, HasSubstr("nats-server 2.9.10"));
  EXPECT_THAT(said, HasSubstr("2.10 is the oldest"));
}

TEST(Connection, SaysOnceThatTheServerIsGone) {
  NatsServer server;
  std::atomic<int> closed = 0;
  const auto opened = open_connection(options_for(server.url()), [&] { ++closed; });
  ASSERT_TRUE(opened) << opened.error();
  ASSERT_TRUE(talks(**opened));
  EXPECT_EQ(closed, 0);
  server.kill();
  EXPECT_TRUE(wait_until([&] { return closed > 0; }, "the connection is seen to be gone"));
  EXPECT_EQ((*opened)->send("a", {}, {}, "b"), Sent::not_sent);
  EXPECT_EQ((*opened)->listen("a", [](const Incoming&) {}), nullptr);
  EXPECT_EQ(closed, 1);
}

TEST(Connection, SeesAServerThatStandsStill) {
  NatsServer still;
  const NatsServer answering;
  std::atomic<bool> still_closed = false;
  std::atomic<bool> answering_closed = false;
  const auto open = [](const NatsServer& server, std::atomic<bool>& closed) {
    auto options = options_for(server.url());
    options.ping_interval = options.quiet_ping_interval = milliseconds{100};
    return open_connection(options, [&closed] { closed = true; });
  };
  const auto one = open(answering, answering_closed);
  const auto other = open(still, still_closed);
  ASSERT_TRUE(one && other);
  still.pause();
  EXPECT_TRUE(wait_until([&] { return still_closed.load(); }, "the connection is given up"));
  EXPECT_FALSE(answering_closed);
  still.resume();
}

/// Whether a thread of this process waits in poll(2) for at least so long: proc(5), /proc/PID/syscall.
bool somebody_polls_for(milliseconds at_least) {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "syscall");
    std::string number;
    std::uint64_t polled = 0;
    std::uint64_t count = 0;
    std::uint64_t limit_ms = 0;
    file >> number >> std::hex >> polled >> count >> limit_ms;
    if (file && number == std::to_string(SYS_poll) && static_cast<std::int32_t>(limit_ms) >= at_least.count()) return true;
  }
  return false;
}

TEST(Connection, AsksAQuietServerSeldomAndOneThatIsToldSomethingSoon) {
  NatsServer server;
  auto options = options_for(server.url());
  options.ping_interval = milliseconds{100};
  options.quiet_ping_interval = std::chrono::hours{1};
  std::atomic<bool> closed = false;
  const auto opened = open_connection(options, [&closed] { closed = true; });
  ASSERT_TRUE(opened) << opened.error();
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(talks(**opened));
    ASSERT_TRUE(wait_until([] { return somebody_polls_for(std::chrono::minutes{50}); }, "the connection to be quiet"));
  }
  server.pause();
  EXPECT_EQ((*opened)->send("a", {}, {}, "b"), Sent::sent);
  EXPECT_TRUE(wait_until([&] { return closed.load(); }, "the connection is given up"));
  server.resume();
}

TEST(Connection, ItsSocketIsKeptAliveByTheSystem) {
  const NatsServer server;
  const auto opened = open_connection(options_for(server.url()), [] {});
  ASSERT_TRUE(opened) << opened.error();
  ASSERT_TRUE(talks(**opened));
  // proc_net_tcp(5): the remote address, and as the timer that runs 2, which is that of keepalive.
  const auto remote = fmt::format("0100007F:{:04X}", server.port());
  const auto has_timer = [&] {
    std::ifstream file("/proc/self/net/tcp");
    std::string line;
    while (std::getline(file, line)) {
      std::istringstream words(line);
      std::string slot, local, peer, state, queues, timer;
      words >> slot >> local >> peer >> state >> queues >> timer;
      if (peer == remote && timer.starts_with("02:")) return true;
    }
    return false;
  };
  EXPECT_TRUE(wait_until(has_timer, "the timer of a socket that is kept alive"));
}

TEST(Connection, RefusesWhatTheServerWouldNotTake) {
  const NatsServer server;
  const auto opened = open_connection(options_for(server.url()), [] {});
  ASSERT_TRUE(opened) << opened.error();
  const std::vector<Header> headers{{"a", std::string(600'000, 'x')}};
  EXPECT_EQ((*opened)->send("a", {}, lines_of(headers), std::string(600'000, 'x')), Sent::too_large);
  EXPECT_EQ((*opened)->send("a", {}, {}, std::string(1024 * 1024 + 1, 'x')), Sent::too_large);
  EXPECT_TRUE(talks(**opened, std::string(1024 * 1024, 'x')));
}

TEST(Connection, HearsThatNobodyListens) {
  const NatsServer server;
  const auto opened = open_connection(options_for(server.url()), [] {});
  ASSERT_TRUE(opened) << opened.error();
  std::atomic<bool> nobody = false;
  const auto name = (*opened)->new_inbox_name();
  const auto inbox = (*opened)->listen(name, [&](const Incoming& incoming) { nobody = incoming.nobody_listens; });
  EXPECT_EQ((*opened)->send("nobody.here", name, {}, "hello"), Sent::sent);
  EXPECT_TRUE(wait_until([&] { return nobody.load(); }, "the server says that nobody listens"));
}

/// A server with a certificate for localhost that it signed itself.
class EncryptedConnection : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string made = (fs::temp_directory_path() / "nats-tls-XXXXXX").string();
    ASSERT_NE(::mkdtemp(made.data()), nullptr);
    folder = made;
    pkg::testing::Process openssl(
        {.words = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
                   "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", (folder / "key").string(), "-out", certificate()},
         .environment = {},
         .folder = folder,
         .log = folder / "log"});
    openssl.start();
    wait_until([&] { return !openssl.is_running(); }, "openssl makes a certificate");
    ASSERT_TRUE(fs::exists(certificate())) << openssl.log();
    server.emplace(std::vector<std::string>{"--tls", "--tlscert", certificate(), "--tlskey", (folder / "key").string()});
  }
  void TearDown() override {
    ::unsetenv("SSL_CERT_FILE");
    server.reset();
    fs::remove_all(folder);
  }
  std::string certificate() const { return (folder / "certificate").string(); }
  std::string at(std::string_view scheme, std::string_view host) const {
    return std::string(scheme) + "://" + std::string(host) + ":" + std::to_string(server->port());
  }

  fs::path folder;
  std::optional<NatsServer> server;
};

TEST_F(EncryptedConnection, TrustsTheServerWhoseCertificateItKnowsByItsName) {
  EXPECT_THAT(refusal(at("tls", "localhost")), HasSubstr("certificate"));
  ::setenv("SSL_CERT_FILE", certificate().c_str(), 1);
  EXPECT_TRUE(talks(at("tls", "localhost")));
  EXPECT_TRUE(talks(at("nats", "localhost"))) << "the server asks for it";
  EXPECT_THAT(refusal(at("tls", "127.0.0.1")), HasSubstr("mismatch")) << "it is another's name";
}

TEST_F(EncryptedConnection, CarriesMuchBothWaysAtTheSameTime) {
  ::setenv("SSL_CERT_FILE", certificate().c_str(), 1);
  const auto opened = open_connection(options_for(at("tls", "localhost")), [] {});
  ASSERT_TRUE(opened) << opened.error();
  constexpr int count = 2000;
  std::atomic<int> heard = 0;
  std::atomic<int> wrong = 0;
  const auto inbox = (*opened)->listen("much", [&](const Incoming& incoming) {
    if (incoming.payload != std::string(10'000, static_cast<char>('a' + heard % 26))) ++wrong;
    ++heard;
  });
  for (int i = 0; i < count; ++i) {
    ASSERT_EQ((*opened)->send("much", {}, {}, std::string(10'000, static_cast<char>('a' + i % 26))), Sent::sent);
  }
  EXPECT_TRUE(wait_until([&] { return heard == count; }, "all came back"));
  EXPECT_EQ(wrong, 0);
}

TEST_F(EncryptedConnection, IsNotPlainWhereTlsIsAskedForAndTheServerHasNone) {
  const NatsServer plain;
  EXPECT_THAT(refusal("tls://localhost:" + std::to_string(plain.port())), HasSubstr("TLS"));
}

}  // namespace
}  // namespace pkg::messaging::nats
