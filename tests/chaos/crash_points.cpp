// `mall_crash_points --help` says what it does; docs/reliability.md says why. Needs programs with crash points in them (preset faults).

#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <exception>
#include <thread>

#include "tests/chaos/audit.hpp"
#include "tests/chaos/check.hpp"
#include "tests/chaos/crash_runner.hpp"
#include "tests/chaos/shopper.hpp"
#include "tests/chaos/tour.hpp"

namespace mall::chaos {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

const std::string password = "correct horse battery";

struct CrashOptions {
  std::filesystem::path folder;
  std::uint64_t seed = 1;
  std::string only;  ///< of the deaths' names
  int shoppers = 8;
  int tours = 24;
  std::size_t at_once = 6;
  bool list = false;
  std::filesystem::path write_into;  ///< a page that has a place for the table
};

/// People who go on until they are told to stop.
class Load {
 public:
  Load(const CrashOptions& options, const Ports& ports, const Goods& goods, Run& run) : log_(options.folder / "clients.jsonl") {
    for (int i = 0; i < options.shoppers; ++i)
      threads_.emplace_back([this, &options, &ports, &goods, &run, i] { shop(options, ports, goods, run, i); });
    for (int i = 0; i < options.tours; ++i)
      threads_.emplace_back([this, &ports, &run, i] {
        for (Tour tour(ports, run, i); goes_on_; ++rounds_) tour.go();
      });
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  /// Whatever ends the run ends the load: its threads are waited for.
  ~Load() { end(); }
  int rounds() const { return rounds_; }
  /// Comes back when everybody has what was begun at its end.
  void end() {
    goes_on_ = false;
    threads_.clear();
  }

 private:
  void shop(const CrashOptions& options, const Ports& ports, const Goods& goods, Run& run, int client) {
    Caller self(ports, run, "client-" + std::to_string(client), password);
    self.sign_up();
    Caller an_operator(ports, run, MallUnderFire::operator_name, MallUnderFire::operator_password);
    an_operator.sign_in();
    Shopper shopper(self, an_operator, log_, goods);
    while (goes_on_) {
      shopper.buy(make_plan(options.seed, run.begun++, goods.plentiful, goods.scarce()));
      ++run.finished;
    }
  }

  ClientLog log_;
  std::atomic<bool> goes_on_ = true;
  std::atomic<int> rounds_ = 0;
  std::vector<std::jthread> threads_;
};

/// Lets the load reach what it reaches, and reads what that was.
std::vector<Death> dry_run(const CrashOptions& options, const CrashFiles& files, const Load& load, Run& run) {
  while (load.rounds() < options.tours || run.finished < 60) run.wait(50ms);
  std::vector<Death> deaths;
  for (const auto& service : MallUnderFire::service_names()) {
    const auto passed = read_passed(files.log(service));
    for (const auto& what : not_reached(passed)) run.find("no crash point of " + service + " was reached about " + what);
    for (auto& death : deaths_of(service, passed)) {
      if (death.name().find(options.only) != std::string::npos) deaths.push_back(std::move(death));
    }
  }
  return deaths;
}

std::vector<Death> die_everywhere(const CrashOptions& options, MallUnderFire& mall, const CrashFiles& files, std::vector<Death> deaths,
                                  Run& run) {
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  const auto all = deaths.size();
  CrashRunner runner(mall, run, files, std::move(deaths), options.at_once);
  auto next = steady_clock::now();
  while (!runner.is_done()) {
    runner.step();
    run.wait(5ms);
    if (steady_clock::now() < next) continue;
    next = steady_clock::now() + (terminal ? 2s : 30s);
    std::fprintf(stderr, "%s%zu of %zu deaths, %d orders at their end, %zu findings%s", terminal ? "\r" : "", runner.died().size(), all,
                 run.finished.load(), run.findings().size(), terminal ? "   " : "\n");
  }
  return runner.died();
}

int report(const CrashOptions& options, MallUnderFire& mall, const std::vector<Death>& died, const std::vector<std::string>& findings) {
  std::printf("%zu deaths at %zu findings\n", died.size(), findings.size());
  for (const auto& finding : findings) std::printf("  %s\n", finding.c_str());
  const auto table = as_table(died);
  std::printf("%s", table.c_str());
  if (!options.write_into.empty() && findings.empty()) write_between_marks(options.write_into, "crash-points", table);
  if (findings.empty()) {
    std::filesystem::remove_all(options.folder);
    return 0;
  }
  mall.keep_everything();
  std::fprintf(stderr, "logs and data: %s\nagain: build/faults/tests/mall_crash_points --seed %llu%s\n", options.folder.c_str(),
               static_cast<unsigned long long>(options.seed), options.only.empty() ? "" : (" --only '" + options.only + "'").c_str());
  return 1;
}

int crash(const CrashOptions& options) {
  const CrashFiles files(options.folder / "points");
  Run run;
  MallUnderFire mall(options.folder, [&files](const std::string& service) { return files.environment(service); });
  Caller an_operator(mall.http(), run, MallUnderFire::operator_name, MallUnderFire::operator_password);
  an_operator.sign_in();
  Caller owner(mall.http(), run, "owner", password);
  owner.sign_up();
  const auto goods = open_stores(owner, 20'000);

  Load load(options, mall.http(), goods, run);
  auto deaths = dry_run(options, files, load, run);
  if (options.list) {
    for (const auto& death : deaths) std::printf("%s\n", death.name().c_str());
  }
  std::vector<Death> died;
  if (!options.list) died = die_everywhere(options, mall, files, std::move(deaths), run);
  for (auto& late : mall.await_ready(30s)) run.find(late);
  load.end();

  auto checked = check(read_ledger(options.folder / "clients.jsonl"), goods, mall.http(), run, an_operator, password);
  auto audited = audit(mall.databases(), options.folder, run);
  auto findings = run.findings();
  for (auto* more : {&checked.findings, &audited.findings}) findings.insert(findings.end(), more->begin(), more->end());
  for (auto& complaint : mall.stop()) findings.push_back(std::move(complaint));
  return report(options, mall, died, findings);
}

}  // namespace
}  // namespace mall::chaos

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  mall::chaos::CrashOptions options;
  CLI::App app{
      "Lets every program of the mall die at each of its crash points, at the first and at the second pass, while orders are under way, "
      "and holds what the mall then has against what it acknowledged."};
  app.add_option("--seed", options.seed, "of what the shoppers want")->capture_default_str();
  app.add_option("--only", options.only, "deaths whose name has this in it, like 'payments unit.committed'");
  app.add_option("--tours", options.tours, "people who do everything that can be done, at the same time")->capture_default_str();
  app.add_option("--shoppers", options.shoppers, "people who buy")->capture_default_str();
  app.add_option("--at-once", options.at_once, "services that wait for their deaths at the same time")->capture_default_str();
  app.add_flag("--list", options.list, "only say which there are");
  app.add_option("--write-into", options.write_into,
                 "where nothing was found, the table of what was tried goes into this page, docs/reliability.md");
  CLI11_PARSE(app, argc, argv);
  options.folder = std::filesystem::temp_directory_path() / ("mall-crash-points-" + std::to_string(::getpid()));
  try {
    return mall::chaos::crash(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mall_crash_points: %s\n", error.what());
    return 1;
  }
}
