#include "pkg/config/read.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <type_traits>

namespace pkg::config {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

struct Settings {
  std::uint16_t http_port = 8040;
  int workers = 4;
  std::chrono::milliseconds stop_within = 10s;
  std::uint64_t max_body = 1 << 20;
  bool auto_expire = true;
  std::string broker = "nats";
  std::string database = "postgres://baskets@localhost/baskets";
  Secret key;
  std::vector<std::string> peers;

  void declare(Spec& spec) {
    spec.port("HTTP_PORT", http_port, "where REST is served");
    spec.number("WORKERS", workers, "threads that work on requests").between(1, 64);
    spec.duration("STOP_WITHIN", stop_within, "how long shutdown may take").between(1s, 5min);
    spec.bytes("MAX_BODY", max_body, "largest request");
    spec.flag("AUTO_EXPIRE", auto_expire, "whether old baskets expire");
    spec.text("EVENT_SERVER_TYPE", broker, "the broker").one_of({"memory", "nats", "kafka"}).shared();
    spec.url("DATABASE_URL", database, "the service's database").schemes({"postgres"});
    spec.secret("KEY", key, "signs things");
    spec.list("PEERS", peers, "other nodes");
  }
};

class ReadConfig : public testing::Test {
 protected:
  Verdict read_with(std::vector<std::string> arguments, std::map<std::string, std::string, std::less<>> environment = {},
                    std::string defaults = {}) {
    Spec spec("baskets", std::move(defaults));
    settings.declare(spec);
    return read(spec, {std::move(arguments), std::move(environment)});
  }
  Settings settings;
};

class TempFile {
 public:
  explicit TempFile(std::string_view text) {
    std::string path = testing::TempDir() + "env_XXXXXX";
    close(mkstemp(path.data()));
    path_ = path;
    std::ofstream(path_) << text;
  }
  ~TempFile() { unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST_F(ReadConfig, KeepsTheValuesOfTheCodeWhenNobodySaysOtherwise) {
  EXPECT_TRUE(read_with({}).proceed);
  EXPECT_EQ(settings.http_port, 8040);
  EXPECT_EQ(settings.stop_within, 10s);
}

TEST_F(ReadConfig, LetsTheCommandLineWinOverTheEnvironmentOverAppEnv) {
  const std::string defaults = "BASKETS_HTTP_PORT=1\nBASKETS_WORKERS=2\nBASKETS_MAX_BODY=3KiB\n";
  const auto verdict = read_with({"--baskets-http-port", "111"}, {{"BASKETS_HTTP_PORT", "11"}, {"BASKETS_WORKERS", "22"}}, defaults);
  EXPECT_TRUE(verdict.proceed) << verdict.output;
  EXPECT_EQ(settings.http_port, 111);
  EXPECT_EQ(settings.workers, 22);
  EXPECT_EQ(settings.max_body, 3072u);
}

TEST_F(ReadConfig, TakesEveryFormOfTheCommandLine) {
  const auto verdict =
      read_with({"--baskets-http-port=1", "--set", "BASKETS_WORKERS=2", "--set=BASKETS_PEERS=a,b", "--baskets-auto-expire", "no"});
  EXPECT_TRUE(verdict.proceed) << verdict.output;
  EXPECT_EQ(settings.http_port, 1);
  EXPECT_EQ(settings.workers, 2);
  EXPECT_THAT(settings.peers, testing::ElementsAre("a", "b"));
  EXPECT_FALSE(settings.auto_expire);
}

TEST_F(ReadConfig, TakesAnEnvFileOverAppEnvAndUnderTheEnvironment) {
  const TempFile file("BASKETS_HTTP_PORT=7\nBASKETS_WORKERS=7\nSTORES_ANYTHING=1\nBASKETS_KEY='a b'\n");
  const auto verdict = read_with({"--env-file", file.path()}, {{"BASKETS_WORKERS", "9"}}, "BASKETS_HTTP_PORT=5\n");
  EXPECT_TRUE(verdict.proceed) << verdict.output;
  EXPECT_EQ(settings.http_port, 7);
  EXPECT_EQ(settings.workers, 9);
  EXPECT_EQ(settings.key.reveal(), "a b");
}

TEST_F(ReadConfig, ReportsEverythingThatIsWrongAtOnceWithItsPlace) {
  const auto verdict = read_with({"--baskets-stop-within", "5", "--baskets-htpp-port=80", "--set", "BASKETS_NONE=1"},
                                 {{"BASKETS_WORKERS", "65"}, {"EVENT_SERVER_TYPE", "rabbit"}},
                                 "BASKETS_HTTP_PORT=99999\nBASKETS_HTPP_PORT=1\nnonsense\nBASKETS_DATABASE_URL=mysql://u:hush@h/d\n");
  EXPECT_FALSE(verdict.proceed);
  EXPECT_EQ(verdict.exit_code, 2);
  EXPECT_THAT(
      verdict.output,
      AllOf(HasSubstr("(9)"), HasSubstr(R"(BASKETS_STOP_WITHIN="5" from the command line: expected a duration such as)"),
            HasSubstr("--baskets-htpp-port: there is no such option"), HasSubstr("--set BASKETS_NONE: there is no such setting"),
            HasSubstr(R"(BASKETS_WORKERS="65" from the environment: expected a number within 1..64)"),
            HasSubstr(R"(BASKETS_EVENT_SERVER_TYPE="rabbit" from the environment (EVENT_SERVER_TYPE): expected one of memory|nats|kafka)"),
            HasSubstr(R"(BASKETS_HTTP_PORT="99999" from baskets/app.env, line 1: expected a port number within 0..65535)"),
            HasSubstr("baskets/app.env, line 2: baskets has no setting BASKETS_HTPP_PORT"),
            HasSubstr("baskets/app.env, line 3: expected NAME=value")));
  EXPECT_THAT(verdict.output, AllOf(HasSubstr("mysql://u:***@h/d"), Not(HasSubstr("hush"))));
}

TEST_F(ReadConfig, SaysWhatMayNotBeMissing) {
  Spec spec("baskets");
  Secret key;
  std::string name;
  spec.secret("KEY", key, "signs things").required();
  spec.text("NAME", name, "what it is called").required();
  const auto verdict = read(spec, {{"--baskets-name", ""}, {{"BASKETS_KEY", ""}}});
  EXPECT_THAT(verdict.output,
              AllOf(HasSubstr("BASKETS_KEY is required: signs things (secret)"), HasSubstr("BASKETS_NAME=\"\" from the command line")));
}

TEST_F(ReadConfig, IgnoresWhatIsMeantForOthers) {
  EXPECT_TRUE(
      read_with({}, {{"STORES_HTTP_PORT", "x"}, {"BASKETS_SERVICE_HOST", "10.0.0.1"}, {"BASKETS_WORKERS", ""}}, "STORES_X=1\n").proceed);
  EXPECT_EQ(settings.workers, 4);
}

TEST_F(ReadConfig, PrefersTheServicesOwnNameToASharedOneWithinOneSource) {
  EXPECT_TRUE(read_with({}, {{"EVENT_SERVER_TYPE", "kafka"}, {"BASKETS_EVENT_SERVER_TYPE", "memory"}}).proceed);
  EXPECT_EQ(settings.broker, "memory");
  EXPECT_TRUE(read_with({"--event-server-type", "nats"}, {{"BASKETS_EVENT_SERVER_TYPE", "memory"}}).proceed);
  EXPECT_EQ(settings.broker, "nats");
}

TEST_F(ReadConfig, GivesEachServiceOfOneProcessItsOwn) {
  struct Both {
    std::uint16_t port = 1;
    std::string broker = "nats";
  } stores, baskets;
  Spec stores_spec("stores", "STORES_PORT=10\nEVENT_SERVER_TYPE=memory\n");
  Spec baskets_spec("baskets");
  for (auto& [spec, target] : {std::pair<Spec&, Both&>{stores_spec, stores}, {baskets_spec, baskets}}) {
    spec.port("PORT", target.port, "p");
    spec.text("EVENT_SERVER_TYPE", target.broker, "b").shared();
  }
  Spec* const specs[] = {&stores_spec, &baskets_spec};
  const auto verdict = read(specs, {{"--baskets-port", "21"}, {}});
  EXPECT_TRUE(verdict.proceed) << verdict.output;
  EXPECT_EQ(stores.port, 10);
  EXPECT_EQ(stores.broker, "memory");
  EXPECT_EQ(baskets.port, 21);
  EXPECT_EQ(baskets.broker, "nats") << "one service's app.env must not speak for another";
  EXPECT_TRUE(read(specs, {{"--event-server-type=kafka"}, {}}).proceed);
  EXPECT_EQ(stores.broker, "kafka");
  EXPECT_EQ(baskets.broker, "kafka");
}

TEST_F(ReadConfig, PrintsEffectiveValuesWithTheirSourceAndWithoutSecrets) {
  const auto verdict = read_with({"--print-config", "--set", "BASKETS_KEY=hush1"},
                                 {{"BASKETS_WORKERS", "9"}, {"BASKETS_DATABASE_URL", "postgres://b:hush2@h/b"}});
  EXPECT_FALSE(verdict.proceed);
  EXPECT_EQ(verdict.exit_code, 0);
  EXPECT_THAT(verdict.output, AllOf(testing::ContainsRegex("BASKETS_WORKERS=9 +# the environment"),
                                    testing::ContainsRegex("BASKETS_HTTP_PORT=8040 +# built in"),
                                    testing::ContainsRegex("BASKETS_KEY=\\*\\*\\* +# the command line"), Not(HasSubstr("hush"))));
}

TEST_F(ReadConfig, HelpListsEverySettingWithItsDefaultWhateverTheEnvironmentSays) {
  const auto verdict = read_with({"--help"}, {{"BASKETS_WORKERS", "9"}}, "BASKETS_HTTP_PORT=5\n");
  EXPECT_EQ(verdict.exit_code, 0);
  EXPECT_THAT(
      verdict.output,
      AllOf(HasSubstr("--baskets-workers  BASKETS_WORKERS\n      threads that work on requests\n      number 1..64; default 4 (built in)"),
            HasSubstr("duration 1s..5m; default 10s (built in)"), HasSubstr("default 5 (baskets/app.env, line 1)"),
            HasSubstr("also EVENT_SERVER_TYPE, for all services")));
}

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Printable<Secret> && !std::is_convertible_v<Secret, std::string_view> && !std::is_convertible_v<Secret, std::string>);

}  // namespace
}  // namespace pkg::config
