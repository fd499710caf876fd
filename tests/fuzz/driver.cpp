// Runs a fuzz target where there is no libFuzzer: every file of its corpus, then a fixed row of mutations of them.
//
//   fuzz_json_test                    MALL_FUZZ_MUTATIONS=100000 for more than a moment
//   fuzz_json_test FILE...            these inputs alone
//
// An input that breaks a promise, or that a sanitizer stops at, is written to a file, and how to run it again is said.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/mutator.hpp"
#include "tests/fuzz/target.hpp"

// There in programs with AddressSanitizer only.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace fuzz {
namespace {

namespace fs = std::filesystem;

// For the signal handler: where the present input is and where it goes. Set before a target runs.
const std::string* running = nullptr;
std::string found_file;
std::string found_message;

/// Only what a signal handler may call.
void keep_input() {
  const std::string* const input = std::exchange(running, nullptr);
  if (input == nullptr) return;
  const int file = open(found_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const bool is_written = file >= 0 && write(file, input->data(), input->size()) == static_cast<ssize_t>(input->size());
  if (file >= 0) close(file);
  const std::string_view lost = "the input could not be written\n";
  const std::string_view text = is_written ? std::string_view(found_message) : lost;
  static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
}

void on_signal(int number) {
  keep_input();
  static_cast<void>(std::signal(number, SIG_DFL));
  static_cast<void>(std::raise(number));
}

/// An exception that leaves the target ends the process here, with the input at hand.
void run(const std::string& input) noexcept {
  // Of exactly its size, so that a byte too far is seen.
  const std::vector<std::uint8_t> copy(input.begin(), input.end());
  running = &input;
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
  running = nullptr;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Names {
  std::string target;
  std::string program;
};

Names& names() {
  static Names names;
  return names;
}

std::vector<std::string> corpus() {
  std::vector<fs::path> files;
  const fs::path folder = fs::path("tests/fuzz/corpus") / names().target;
  if (!fs::is_directory(folder)) return {};
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<std::string> inputs;
  for (const auto& file : files) inputs.push_back(read_file(file));
  return inputs;
}

std::size_t wanted_mutations() {
  const char* const given = std::getenv("MALL_FUZZ_MUTATIONS");
  return given == nullptr ? 0 : std::strtoull(given, nullptr, 10);
}

TEST(Fuzzing, KeepsEveryPromiseOnTheCorpus) {
  const auto inputs = corpus();
  ASSERT_FALSE(inputs.empty()) << "no corpus for " << names().target << "; is this the repository's root?";
  for (const auto& input : inputs) run(input);
}

TEST(Fuzzing, KeepsEveryPromiseOnMutationsOfTheCorpus) {
  const auto inputs = corpus();
  ASSERT_FALSE(inputs.empty());
  const auto words = words_of(read_file(fs::path("tests/fuzz/dictionaries") / (names().target + ".dict")));
  Mutator mutator(1, inputs, words);
  // The row is always the same; how far a slow machine gets with it is not.
  const auto more = wanted_mutations();
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{1};
  std::size_t count = 0;
  while (more > 0 ? count < more : count < 10'000 && std::chrono::steady_clock::now() < end) {
    run(mutator.changed(inputs[count++ % inputs.size()]));
  }
  EXPECT_GT(count, 0U);
  RecordProperty("inputs", static_cast<int>(count));
}

std::string target_of(const fs::path& program) {
  std::string name = program.filename().string();
  if (name.starts_with("fuzz_")) name.erase(0, 5);
  if (name.ends_with("_test")) name.erase(name.size() - 5);
  return name;
}

}  // namespace
}  // namespace fuzz

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  auto& names = fuzz::names();
  names = {fuzz::target_of(argv[0]), argv[0]};
  fuzz::found_file = (std::filesystem::temp_directory_path() / ("fuzz-" + names.target + "-" + std::to_string(getpid()))).string();
  fuzz::found_message = "the input is kept: " + names.program + " " + fuzz::found_file + " runs it again\n";
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) static_cast<void>(std::signal(number, fuzz::on_signal));
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(fuzz::keep_input);
  if (argc == 1) return RUN_ALL_TESTS();
  for (int i = 1; i < argc; ++i) fuzz::run(fuzz::read_file(argv[i]));
  return 0;
}
