#include "tests/mall/running_mall.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <iostream>
#include <ranges>
#include <utility>

#include "pkg/messaging/nats/raw_client.hpp"
#include "pkg/rest/testing/raw_client.hpp"
#include "pkg/testing/ports.hpp"
#include "pkg/testing/wait.hpp"

namespace mall::testing {
namespace {

namespace fs = std::filesystem;

const std::string operator_name = "operator";
const std::string operator_password = "an operator's password";

/// Test programs and the mall's programs are built beside each other.
fs::path binary(const std::string& name) { return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" / name; }

fs::path new_folder() {
  std::string folder = (fs::temp_directory_path() / "mall-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return folder;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  return result;
}

bool is_ready(std::uint16_t port) {
  try {
    return pkg::rest::testing::RawClient(port).ask("GET /readiness HTTP/1.1\r\nHost: mall\r\nConnection: close\r\n\r\n").status == 200;
  } catch (const std::runtime_error&) {
    return false;
  }
}

/// What a service says of its messages, for whoever reads why a test waited in vain.
std::string messaging_figures(std::uint16_t port) {
  try {
    const auto body = pkg::rest::testing::RawClient(port).ask("GET /metrics HTTP/1.1\r\nHost: mall\r\nConnection: close\r\n\r\n").body;
    std::string figures;
    for (const auto part : std::views::split(std::string_view(body), '\n')) {
      const std::string_view line(part);
      if (line.starts_with("mallbots_messages") || line.starts_with("mallbots_outbox")) figures.append("  ").append(line).append("\n");
    }
    return figures;
  } catch (const std::runtime_error& silent) {
    return std::string("  does not answer: ") + silent.what() + "\n";
  }
}

}  // namespace

const std::vector<std::string>& RunningMall::service_names() {
  static const std::vector<std::string> names{"users",    "stores", "baskets",       "ordering", "depot",
                                              "payments", "search", "notifications", "cosec"};
  return names;
}

RunningMall::RunningMall(MallOptions options) : options_(std::move(options)), folder_(new_folder()), ready_(folder_ / "notify") {
  for (const auto& service : service_names()) {
    if (options_.passes_sockets) sockets_[service] = std::make_unique<pkg::testing::ListeningSocket>();
    databases_[service] = std::make_unique<pkg::testing::TestDatabase>(options_.server == nullptr ? pkg::testing::PostgresServer::shared()
                                                                                                  : *options_.server);
    http_ports_[service] = options_.passes_sockets ? sockets_[service]->port() : pkg::testing::free_port();
    grpc_ports_[service] = pkg::testing::free_port();
  }
  const auto add = [&](const std::string& name) {
    processes_[name] = process_of(name);
    processes_[name]->start();
  };
  if (options_.shape == Shape::one_process) {
    add("mallbots");
  } else {
    for (const auto& service : service_names()) {
      if (!options_.without.contains(service)) add(service);
    }
  }
  for (const auto& service : running()) await_ready(service);
}

std::unique_ptr<pkg::testing::Process> RunningMall::process_of(const std::string& program) const {
  const auto log = folder_ / (program + ".log");
  pkg::testing::Process::Command command{.words = {binary(program).string()}, .environment = environment(), .folder = folder_, .log = log};
  if (options_.passes_sockets) {
    // The way that scripts/run takes: the socket as standard input, made systemd's convention by the launcher.
    command.words = {fs::absolute("scripts/lib/launch").string(), log.string(), "-", binary(program).string()};
    command.environment["PASS_SOCKET"] = "yes";
    command.environment["PDEATHSIG"] = "KILL";
    command.environment["NOTIFY_SOCKET"] = ready_.path().string();
    command.input = sockets_.find(program)->second->descriptor();
  }
  return std::make_unique<pkg::testing::Process>(std::move(command));
}

RunningMall::Restarted RunningMall::restart(std::string_view service) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point began) { return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began); };
  Restarted times{};
  auto began = Clock::now();
  auto next = process_of(std::string(service));
  next->start();
  if (!pkg::testing::wait_until([&] { return ready_.is_ready(next->pid()); }, std::string(service) + " to say that it is ready",
                                std::chrono::seconds{30}))
    ADD_FAILURE() << "the end of its log:\n" << next->log();
  times.until_ready = since(began);
  began = Clock::now();
  const auto before = std::exchange(processes_.find(service)->second, std::move(next));
  const auto status = before->stop(std::chrono::seconds{30});
  times.until_ended = since(began);
  EXPECT_EQ(status, 0) << service << " did not end well; the end of its log:\n" << before->log();
  return times;
}

RunningMall::~RunningMall() {
  for (const auto& [name, process] : processes_) process->resume();
  if (::testing::UnitTest::GetInstance()->Failed()) tell_what_it_did();
  for (auto& [name, process] : processes_) {
    // What a sanitizer has to say of a program comes out as its exit status.
    const auto status = process->stop(std::chrono::seconds{30});
    if (!status || (*status != 0 && *status != 128 + SIGKILL)) {
      ADD_FAILURE() << name << (status ? " ended with status " + std::to_string(*status) : std::string(" did not end in 30 s"))
                    << "; the end of its log:\n"
                    << process->log();
    }
    process->kill();
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void RunningMall::tell_what_it_did() const {
  std::cout << pkg::messaging::ask_server(nats.url(), "$JS.API.CONSUMER.LIST.mallbots") << "\n";
  for (const auto& service : running()) std::cout << service << ":\n" << messaging_figures(http_port(service));
  for (const auto& [name, process] : processes_) std::cout << "the end of the log of " << name << ":\n" << process->log() << std::endl;
}

std::map<std::string, std::string> RunningMall::environment() const {
  std::map<std::string, std::string> values{{"NATS_URL", nats.url()},
                                            {"SERVICE_SECRET", service_secret},
                                            {"JWKS_URL", "http://127.0.0.1:" + std::to_string(http_port("users")) + "/api/v1/jwks"},
                                            {"USERS_OPERATOR_USERNAME", operator_name},
                                            {"USERS_OPERATOR_EMAIL", "operator@example.org"},
                                            {"USERS_OPERATOR_PASSWORD", operator_password},
                                            {"DEPOT_PICK_TIME_PER_ITEM", "1ms"}};
  for (const auto& service : service_names()) {
    const auto prefix = upper(service);
    values[prefix + "_DATABASE_URL"] = database(service).connection_string();
    values[prefix + "_DATABASE_CONNECTIONS"] = "5";
    values[prefix + "_HTTP_PORT"] = std::to_string(http_port(service));
    values[prefix + "_GRPC_PORT"] = std::to_string(grpc_port(service));
    values[prefix + "_GRPC_ADDRESS"] = "127.0.0.1:" + std::to_string(grpc_port(service));
  }
  for (const auto& [name, value] : options_.settings) values[name] = value;
  return values;
}

Visitor RunningMall::an_operator() const {
  auto who = visitor();
  who.sign_in(operator_name, operator_password);
  return who;
}

pkg::testing::Process& RunningMall::process(std::string_view service) {
  const auto found = processes_.find(options_.shape == Shape::one_process ? "mallbots" : service);
  return *found->second;
}

void RunningMall::start(std::string_view service) {
  process(service).start();
  await_ready(service);
}

void RunningMall::await_ready(std::string_view service) const {
  const auto& process = *processes_.find(options_.shape == Shape::one_process ? "mallbots" : service)->second;
  if (!pkg::testing::wait_until([&] { return is_ready(http_port(service)); }, std::string(service) + " to be ready",
                                std::chrono::seconds{30}))
    ADD_FAILURE() << "the end of its log:\n" << process.log();
}

std::vector<std::string> RunningMall::running() const {
  auto names = service_names();
  std::erase_if(names, [&](const auto& name) { return options_.without.contains(name); });
  return names;
}

std::string RunningMall::contents(std::string_view service) const {
  return database(service).sql(R"(
    create or replace function pg_temp.digest() returns text language plpgsql as $$
    declare name text; one text; whole text := '';
    begin
      for name in select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables
                  where schemaname not in ('pg_catalog', 'information_schema')
                    and tablename not in ('inbox', 'outbox', 'outbox_dead', 'parked_messages', 'relay_state', 'messaging_leader')
                  order by 1 loop
        execute format('select %L || '': '' || count(*) || '' '' || coalesce(md5(string_agg(t::text, e''\n'' order by t::text)), ''-'') from %s t',
                       name, name) into one;
        whole := whole || one || e'\n';
      end loop;
      return whole;
    end $$;
    select pg_temp.digest())");
}

}  // namespace mall::testing
