// `mall_chaos --help` says what it does; README.md beside this file says how.

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <latch>
#include <memory>
#include <stop_token>
#include <thread>

#include "tests/chaos/intruder.hpp"
#include "tests/chaos/report.hpp"
#include "tests/chaos/shopper.hpp"
#include "tests/chaos/stray_sender.hpp"

namespace mall::chaos {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

const std::string password = "correct horse battery";

std::string name_of_client(const Options& options, int number) {
  return "c" + std::to_string(options.seed % 1'000'000) + "-" + std::to_string(number);
}

/// When the load begins: once everybody is signed in, as that costs more than an order.
struct Start {
  explicit Start(int clients) : signed_in(clients) {}
  std::latch signed_in;
  std::latch begun{1};
  steady_clock::time_point time;
};

/// Takes orders one after the other, each not before its time.
void order(int client, const Options& options, const Ports& ports, const Goods& goods, Run& run, ClientLog& log, const Caller& an_operator,
           Start& start) {
  Caller self(ports, run, name_of_client(options, client), password);
  self.sign_up();
  Caller helper(ports, run, MallUnderFire::operator_name, MallUnderFire::operator_password);
  helper.join(an_operator);
  Shopper shopper(self, helper, log, goods);
  start.signed_in.count_down();
  start.begun.wait();
  for (int number = run.begun++; number < options.orders; number = run.begun++) {
    run.wait_until(start.time + options.length * number / options.orders);
    shopper.buy(make_plan(options.seed, number, goods.plentiful, goods.scarce()));
    ++run.finished;
  }
}

/// Until the load is at its end.
void intrude(std::stop_token over, const Ports& ports, const Goods& goods, Run& run, const Caller& an_owner, Start& start) {
  Caller self(ports, run, "intruder", password);
  self.sign_up();
  Caller owner(ports, run, an_owner.username(), password);
  owner.join(an_owner);
  Intruder intruder(self, owner, goods);
  start.begun.wait();
  while (!over.stop_requested()) {
    intruder.try_everything();
    run.wait(3s);
  }
}

class Progress {
 public:
  Progress(const Run& run, const FaultRunner& faults, int orders) : run_(run), faults_(faults), orders_(orders) {}
  void show() {
    const bool terminal = ::isatty(STDERR_FILENO) != 0;
    if (steady_clock::now() < next_) return;
    next_ = steady_clock::now() + (terminal ? 2s : 30s);
    std::fprintf(stderr, "%s%d of %d orders at their end, %zu faults, %d requests found out, %zu findings%s", terminal ? "\r" : "",
                 run_.finished.load(), orders_, faults_.hits().size(), run_.unknown.load(), run_.findings().size(),
                 terminal ? "   " : "\n");
  }

 private:
  const Run& run_;
  const FaultRunner& faults_;
  const int orders_;
  steady_clock::time_point next_ = steady_clock::now();
};

void write_schedule(const std::vector<Fault>& schedule, const std::filesystem::path& file) {
  std::ofstream out(file);
  for (const auto& fault : schedule) out << to_json(fault) << "\n";
}

/// Shoppers may wait for minutes for what will not come: they, the mall and what it stands on end with this thread.
[[noreturn]] void give_up(const Options& options, const Run& run) {
  const Outcome outcome{.options = options, .findings = run.findings()};
  std::fputs((options.json ? as_json(outcome) : for_people(outcome)).c_str(), stdout);
  std::fflush(stdout);
  std::_Exit(1);
}

/// The load and the faults. Gives what hit.
std::vector<Hit> let_fall(const Options& options, MallUnderFire& mall, const Goods& goods, Run& run, const Caller& an_operator,
                          const Caller& owner, Millis& seconds) {
  ClientLog log(options.folder / "clients.jsonl");
  const auto schedule = make_schedule(options.seed, options.faults, options.length, {MallUnderFire::service_names(), mall.routes()});
  write_schedule(schedule, options.folder / "schedule.jsonl");
  Start start(options.clients);
  std::vector<std::jthread> clients;
  for (int i = 0; i < options.clients; ++i)
    clients.emplace_back([&, i] { order(i, options, mall.http(), goods, run, log, an_operator, start); });
  const std::jthread intruder([&](const std::stop_token& over) { intrude(over, mall.http(), goods, run, owner, start); });
  const StraySender strays(mall.nats_url(), run);
  start.signed_in.wait();
  start.time = steady_clock::now();
  FaultRunner faults(mall, run, schedule, options.orders, options.folder / "faults.jsonl");
  start.begun.count_down();
  Progress progress(run, faults, options.orders);
  while (run.finished < options.orders || !faults.is_done()) {
    run.wait_until(faults.step());
    progress.show();
    if (options.until_found && !run.findings().empty()) give_up(options, run);
  }
  faults.mend_all();
  seconds = std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - start.time).count();
  return faults.hits();
}

int fire(const Options& options) {
  Outcome outcome{.options = options};
  Run run;
  MallUnderFire mall(options.folder);
  Caller an_operator(mall.http(), run, MallUnderFire::operator_name, MallUnderFire::operator_password);
  an_operator.sign_in();
  Caller owner(mall.http(), run, "owner", password);
  owner.sign_up();
  const auto goods = open_stores(owner, options.orders);
  outcome.hits = let_fall(options, mall, goods, run, an_operator, owner, outcome.seconds);
  for (auto& late : mall.await_ready(30s)) run.find(late);

  const auto ledger = read_ledger(options.folder / "clients.jsonl");
  outcome.checked = check(ledger, goods, mall.http(), run, an_operator, password);
  outcome.audited = audit(mall.databases(), options.folder, run);
  outcome.figures = figures_of(ledger, outcome.hits, run.last_fault());
  outcome.unknown = run.unknown;
  outcome.strays = run.strays;
  outcome.findings = run.findings();
  for (const auto* more : {&outcome.checked.findings, &outcome.audited.findings})
    outcome.findings.insert(outcome.findings.end(), more->begin(), more->end());
  for (auto& complaint : mall.stop()) outcome.findings.push_back(std::move(complaint));
  if (outcome.figures.slowest_after_last_fault > Run::decision_limit) outcome.findings.push_back("an order was decided too late");
  if (options.stall_limit > 0 && outcome.figures.stall.p99 > options.stall_limit)
    outcome.findings.push_back("killed services stall orders for " + std::to_string(outcome.figures.stall.p99) + " ms");

  const bool clean = outcome.findings.empty();
  const auto text = options.json ? as_json(outcome) : for_people(outcome);
  std::ofstream(options.folder / "summary.txt") << for_people(outcome);
  if (!clean || options.keep) {
    mall.keep_everything();
    std::fprintf(stderr, "\nlogs, schedule and data: %s\nagain: %s\n", options.folder.c_str(), command_for(options).c_str());
  }
  std::fputs(text.c_str(), stdout);
  if (clean && !options.keep) std::filesystem::remove_all(options.folder);
  return clean ? 0 : 1;
}

}  // namespace
}  // namespace mall::chaos

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  try {
    int exit_code = 0;
    const auto options = mall::chaos::read_options(argc, argv, exit_code);
    if (!options) return exit_code;
    std::fprintf(stderr, "%s\n", mall::chaos::command_for(*options).c_str());
    return mall::chaos::fire(*options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mall_chaos: %s\n", error.what());
    return 1;
  }
}
