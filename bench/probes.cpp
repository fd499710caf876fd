#include "bench/probes.hpp"

#include <atomic>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "bench/nats.hpp"
#include "pkg/testing/nats_server.hpp"
#include "pkg/testing/poll.hpp"
#include "pkg/testing/ports.hpp"
#include "tests/chaos/http.hpp"

namespace mall::bench {
namespace {

namespace fs = std::filesystem;
using chaos::Http;
using namespace std::chrono_literals;

constexpr const char* stream = "probe";
constexpr const char* subject = "probe.one";
constexpr int window = 512;

std::int64_t steady_now() { return Clock::now().time_since_epoch().count(); }

fs::path new_folder() {
  std::string made = (fs::temp_directory_path() / "mall-probe-XXXXXX").string();
  if (::mkdtemp(made.data()) == nullptr) throw std::runtime_error("no temporary folder");
  // The workers of root's nginx are not root.
  fs::permissions(made, fs::perms(0755));
  return made;
}

void add_stream(const NatsStream& jetstream) {
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  const char* subjects[] = {subject};
  config.Name = stream;
  config.Subjects = subjects;
  config.SubjectsLen = 1;
  check(js_AddStream(nullptr, jetstream.get(), &config, nullptr, nullptr), "a stream");
}

void publish_and_wait(const NatsStream& jetstream) {
  const auto now = std::to_string(steady_now());
  check(js_Publish(nullptr, jetstream.get(), subject, now.data(), static_cast<int>(now.size()), nullptr, nullptr), "publish");
}

Times times_in(const fs::path& file) {
  Times times;
  std::ifstream in(file);
  for (std::int64_t time = 0; in >> time;) times.emplace_back(time);
  return times;
}

double publish_in_a_window(const NatsStream& jetstream, int messages) {
  const std::string payload(300, 'x');
  const auto began = Clock::now();
  for (int i = 0; i < messages; ++i)
    check(js_PublishAsync(jetstream.get(), subject, payload.data(), static_cast<int>(payload.size()), nullptr), "publish");
  check(js_PublishAsyncComplete(jetstream.get(), nullptr), "confirmations");
  return messages / std::chrono::duration<double>(Clock::now() - began).count();
}

}  // namespace

BrokerFloor measure_broker(int messages) {
  const pkg::testing::NatsServer server;
  const auto connection = connect_nats(server.url());
  jsOptions options;
  jsOptions_Init(&options);
  options.PublishAsync.MaxPending = window;
  jsCtx* made = nullptr;
  check(natsConnection_JetStream(&made, connection.get(), &options), "JetStream");
  const NatsStream jetstream(made, &jsCtx_Destroy);
  add_stream(jetstream);

  const auto folder = new_folder();
  const auto log = folder / "times";
  pkg::testing::Process other({.words = {fs::read_symlink("/proc/self/exe").string(), "--be-the-other-process", server.url(), "--messages",
                                         std::to_string(messages)},
                               .environment = {},
                               .folder = folder,
                               .log = log});
  other.start();
  // It sees the stream's whole history; what was sent before it was there took longer and is left away.
  BrokerFloor floor;
  for (int i = 0; i < messages && other.is_running(); ++i) {
    publish_and_wait(jetstream);
    std::this_thread::sleep_for(2ms);
  }
  if (!pkg::testing::poll_until([&] { return !other.is_running(); }, 20s) || other.stop() != 0)
    throw std::runtime_error("the probe of the event server did not get its messages: " + other.log());
  auto times = times_in(log);
  times.erase(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 5));
  floor.to_another_process = spread_of(std::move(times));
  floor.published = publish_in_a_window(jetstream, messages * 40);
  fs::remove_all(folder);
  return floor;
}

int be_the_other_process(const std::string& url, int messages) {
  const auto connection = connect_nats(url);
  const auto jetstream = jetstream_of(connection);
  natsSubscription* made = nullptr;
  check(js_PullSubscribe(&made, jetstream.get(), subject, "other", nullptr, nullptr, nullptr), "subscribe");
  const NatsSubscription subscription(made, &natsSubscription_Destroy);
  for (int left = messages; left > 0;) {
    natsMsgList list{};
    const auto status = natsSubscription_Fetch(&list, subscription.get(), 1, 5000, nullptr);
    const auto now = steady_now();
    check(status, "fetch");
    for (int i = 0; i < list.Count; ++i, --left) {
      std::int64_t sent = 0;
      std::from_chars(natsMsg_GetData(list.Msgs[i]), natsMsg_GetData(list.Msgs[i]) + natsMsg_GetDataLength(list.Msgs[i]), sent);
      std::printf("%lld\n", static_cast<long long>(now - sent));
      check(natsMsg_Ack(list.Msgs[i], nullptr), "acknowledge");
    }
    natsMsgList_Destroy(&list);
  }
  return 0;
}

BareNginx::BareNginx(std::size_t bytes) : folder_(new_folder()), port_(pkg::testing::free_port()) {
  const auto inner = std::to_string(pkg::testing::free_port());
  const auto file = folder_ / "nginx.conf";
  const auto in = [&](const char* name) { return (folder_ / name).string(); };
  std::ofstream(file) << "worker_processes auto;\nworker_rlimit_nofile 16384;\npid " << in("pid") << ";\nerror_log " << in("error.log")
                      << " warn;\nevents { worker_connections 4096; }\nhttp {\n  keepalive_requests 100000;\n  access_log off;\n"
                      << "  client_body_temp_path " << in("body") << ";\n  proxy_temp_path " << in("proxy") << ";\n  fastcgi_temp_path "
                      << in("fastcgi") << ";\n  uwsgi_temp_path " << in("uwsgi") << ";\n  scgi_temp_path " << in("scgi") << ";\n"
                      << "  upstream inner { server 127.0.0.1:" << inner << "; keepalive 32; keepalive_requests 100000; }\n"
                      << "  server { listen 127.0.0.1:" << inner << "; location / { default_type application/json; return 200 '"
                      << std::string(bytes, 'x') << "'; } }\n"
                      << "  server { listen 127.0.0.1:" << port_
                      << "; location / { proxy_http_version 1.1; proxy_set_header Connection \"\";"
                      << " proxy_set_header X-Request-Id $request_id; proxy_set_header X-Forwarded-For $remote_addr;"
                      << " proxy_pass http://inner; } }\n}\n";
  process_ = std::make_unique<pkg::testing::Process>(
      pkg::testing::Process::Command{.words = {"nginx", "-e", in("error.log"), "-c", file.string(), "-g", "daemon off;"},
                                     .environment = {},
                                     .folder = folder_,
                                     .log = folder_ / "output"});
  process_->start();
  if (!pkg::testing::poll_until([&] { return Http(port_).ask("GET", "/", {}, {}, 1s).status == 200; }, 10s))
    throw std::runtime_error("nginx does not answer: " + process_->log());
}

BareNginx::~BareNginx() {
  process_->stop();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

double requests_per_second(std::uint16_t port, int connections, std::chrono::milliseconds length, const Asking& what) {
  std::atomic<std::int64_t> count = 0;
  std::mutex mutex;
  std::string wrong;
  const auto began = Clock::now();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < connections; ++i) {
      threads.emplace_back([&, turn = static_cast<std::size_t>(i)]() mutable {
        Http http(port);
        while (Clock::now() - began < length) {
          const auto& path = what.paths[turn++ % what.paths.size()];
          const auto reply = http.ask(what.verb, path, what.body, what.headers, 10s);
          if (!reply.is_fine()) {
            const std::scoped_lock lock(mutex);
            wrong = what.verb + " " + path + ": " + std::to_string(reply.status) + " " + reply.body;
            return;
          }
          ++count;
        }
      });
    }
  }
  if (!wrong.empty()) throw std::runtime_error(wrong);
  return static_cast<double>(count) / std::chrono::duration<double>(Clock::now() - began).count();
}

}  // namespace mall::bench
