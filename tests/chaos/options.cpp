#include "tests/chaos/options.hpp"

#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <random>

namespace mall::chaos {

std::optional<Options> read_options(int argc, char** argv, int& exit_code) {
  CLI::App app(
      "Orders under fire: shoppers order while a schedule of faults hits the mall's programs, PostgreSQL, NATS and the connections\n"
      "between them. Everything follows from the seed but the exact moments. Afterwards every order must have its end, and what was\n"
      "acknowledged is held against what the nine services have. Exit code: 0 fine, 1 something was found, 2 wrong arguments.");
  Options options;
  std::string mix;
  double minutes = 0;
  app.add_option("--seed", options.seed, "where orders and faults follow from; a new one where it is not given, and printed");
  bool of_the_day = false;
  app.add_flag("--seed-of-the-day", of_the_day, "another seed every day");
  app.add_option("--orders", options.orders, "how many orders are begun (1000)")->check(CLI::Range(1, 1'000'000));
  app.add_option("--minutes", minutes,
                 "over how long they and the faults are spread; as long as 500 orders a minute take where it is not given")
      ->check(CLI::Range(0.05, 1000.0));
  app.add_option(
      "--faults", mix,
      "how many of which: kill=500,wipe=12 or none. Kinds: kill (a service), backend (one session of PostgreSQL), postgres, nats,\n"
      "wipe (nats without its storage), pause (SIGSTOP, up to 4 s), cut (connections), delay. Where it is not given: for ten\n"
      "thousand orders kill=500,backend=120,postgres=24,nats=30,wipe=12,pause=80,cut=100,delay=60");
  app.add_option("--clients", options.clients, "how many shoppers order at the same time (48)")->check(CLI::Range(1, 500));
  app.add_option("--folder", options.folder,
                 "an empty folder for the clients' log, the schedule and the services' logs; a temporary one else");
  app.add_flag("--keep", options.keep, "keep the folder of a run that found nothing too");
  app.add_flag("--json", options.json, "the summary as JSON");
  app.add_flag("--until-found", options.until_found, "end at the first finding, without looking further");
  app.add_option("--stall-limit", options.stall_limit,
                 "the most milliseconds that a killed service may stall 99 % of the orders on their way");
  try {
    app.parse(argc, argv);
    options.faults = mix.empty() ? usual_mix(options.orders) : read_mix(mix);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "--faults: %s\n", error.what());
    exit_code = 2;
    return std::nullopt;
  }
  if (minutes == 0) minutes = std::max(0.25, options.orders / 500.0);
  options.length = std::chrono::milliseconds{static_cast<std::int64_t>(minutes * 60'000)};
  if (of_the_day)
    options.seed =
        static_cast<std::uint64_t>(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()).time_since_epoch().count());
  else if (app.count("--seed") == 0)
    options.seed = std::random_device()() % 1'000'000;
  if (options.folder.empty()) {
    std::string made = (std::filesystem::temp_directory_path() / "mall-chaos-XXXXXX").string();
    if (::mkdtemp(made.data()) == nullptr) throw std::runtime_error("no temporary folder");
    options.folder = made;
  } else if (std::filesystem::exists(options.folder) && !std::filesystem::is_empty(options.folder)) {
    std::fprintf(stderr, "--folder: %s is not empty, and what another run has left there would count as this one's: name another\n",
                 options.folder.c_str());
    exit_code = 2;
    return std::nullopt;
  }
  std::filesystem::create_directories(options.folder);
  return options;
}

std::string command_for(const Options& options) {
  const auto thousandths = options.length.count() * 1000 / 60'000;
  const auto fraction = std::to_string(1000 + thousandths % 1000).substr(1);
  return "make chaos SEED=" + std::to_string(options.seed) + " ORDERS=" + std::to_string(options.orders) +
         " MINUTES=" + std::to_string(thousandths / 1000) + "." + fraction + " FAULTS=" + show(options.faults) +
         " CLIENTS=" + std::to_string(options.clients);
}

}  // namespace mall::chaos
