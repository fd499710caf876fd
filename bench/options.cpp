#include "bench/options.hpp"

#include <CLI/CLI.hpp>

namespace mall::bench {

std::optional<Options> read_options(int argc, char** argv, int& exit_code) {
  CLI::App app(
      "Measures the mall against what PostgreSQL, nats-server and nginx can do on the same machine in the same run: all nine services,\n"
      "PostgreSQL as make run sets it up, the load beside them. A run takes seven to ten minutes and wants the machine for itself. Exit\n"
      "code: 0 fine, 1 a run failed, or with --hold a figure does not hold, 2 wrong arguments.");
  Options options;
  double seconds = 60;
  app.add_option("--seconds", seconds, "how long orders are counted at full load (60)")->check(CLI::Range(1.0, 3600.0));
  app.add_option("--buyers", options.buyers, "how many buyers the closed loop has, a number for each of its steps (16 48 96 192 384 768)")
      ->check(CLI::Range(1, 10'000));
  app.add_option("--runs", options.runs, "how many runs in a row (1)")->check(CLI::Range(1, 100));
  app.add_option("--only", options.parts, "these parts only, to try something out: floor, start, still, idle, closed, open, nginx")
      ->delimiter(',')
      ->check(CLI::IsMember({"floor", "start", "still", "idle", "closed", "open", "nginx"}));
  app.add_flag("--quick", options.quick, "every part for a moment only: shows that all of it works; its figures mean nothing");
  app.add_flag("--hold", options.hold,
               "fail where a figure is worse than what is to hold, or the floor moves by more than 10 % again and again");
  app.add_flag("--json", options.json, "one JSON object a run instead of tables");
  app.add_flag(
      "--statements", options.statements,
      "show the statements that take most of PostgreSQL's time at full load (slows it a little); one that is planned again each time\n"
      "fails the run");
  app.add_option(
         "--grow", options.grow,
         "after the closed loop, measure again with so many events in the databases, which what is there is copied for: 1e5,1e6,1e7")
      ->delimiter(',')
      ->check(CLI::Range(1e3, 1e8));
  app.add_option("--history", options.history, "a file to add a JSON line to for every run, and to compare with");
  app.add_option("--be-the-other-process", options.other_process)->group("");
  app.add_option("--messages", options.messages)->group("");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  std::ranges::sort(options.grow);
  options.window = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  if (options.quick) {
    options.window = options.step = std::chrono::milliseconds(1000);
    options.floor = options.floor_around = std::chrono::seconds(1);
    options.floor_rounds = 1;
    options.messages = 50;
    options.buyers = {4, 8};
    options.grow = {3'000};
    options.statements = true;
  }
  return options;
}

}  // namespace mall::bench
