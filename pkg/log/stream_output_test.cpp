#include "pkg/log/stream_output.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <thread>

namespace pkg::log {
namespace {

class Pipe {
 public:
  Pipe() {
    EXPECT_EQ(pipe(ends_), 0);
    fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  int in() const { return ends_[1]; }
  /// What is there now.
  std::string drain() {
    std::string text;
    char buffer[65536];
    for (ssize_t n = 0; (n = read(ends_[0], buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(n));
    return text;
  }

 private:
  int ends_[2] = {-1, -1};
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

TEST(StreamOutput, WritesOneLinePerEntryAtOnce) {
  Pipe pipe;
  const clock::ManualClock clock;
  const auto output = stream_output({.descriptor = pipe.in()});
  const Logger logger(*output, clock, "baskets", Level::info);
  logger.info("one", {{"n", 1}});
  EXPECT_EQ(pipe.drain(),
            "{\"time\":\"2023-11-14T22:13:20.000000Z\",\"level\":\"info\",\"service\":\"baskets\",\"message\":\"one\",\"n\":1}\n");
}

TEST(StreamOutput, WritesTextForPeople) {
  Pipe pipe;
  const clock::ManualClock clock;
  const auto output = stream_output({.descriptor = pipe.in(), .format = Format::text});
  Logger(*output, clock, "baskets", Level::info).warn("slow");
  EXPECT_EQ(pipe.drain(), "22:13:20.000 WARN  baskets  slow\n");
}

TEST(StreamOutput, DoesNotWaitForeverForAReaderThatDoesNotRead) {
  Pipe pipe;
  const clock::ManualClock clock;
  const auto output = stream_output({.descriptor = pipe.in(), .patience = std::chrono::milliseconds{20}});
  const Logger logger(*output, clock, "baskets", Level::info);
  const std::string long_text(1000, 'x');
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) logger.info("full", {{"text", long_text}});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{5}) << "1000 entries must not wait 20 ms each";

  const auto kept = lines_of(pipe.drain());
  logger.info("after");
  const auto after = lines_of(pipe.drain());
  ASSERT_GE(after.size(), 2u);
  const auto& notice = after[after.size() - 2];
  EXPECT_THAT(notice, testing::HasSubstr("log lines are missing"));
  EXPECT_THAT(notice,
              testing::HasSubstr("\"lines\":" + std::to_string(1000 - (kept.back().ends_with("}") ? kept.size() : kept.size() - 1))));
  EXPECT_THAT(after.back(), testing::HasSubstr("\"message\":\"after\""));
}

TEST(StreamOutput, KeepsLinesOfManyThreadsWhole) {
  Pipe pipe;
  const clock::ManualClock clock;
  const auto output = stream_output({.descriptor = pipe.in()});
  const Logger logger(*output, clock, "baskets", Level::info);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) logger.with({{"i", i}}).info("from a thread");
      });
    }
  }
  const auto lines = lines_of(pipe.drain());
  EXPECT_EQ(lines.size(), 200u);
  for (const auto& line : lines) EXPECT_TRUE(line.starts_with("{\"time\"") && line.ends_with("}")) << line;
}

TEST(StreamOutput, SurvivesAReaderThatIsGone) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  const auto before = signal(SIGPIPE, SIG_IGN);
  const clock::ManualClock clock;
  const auto output = stream_output({.descriptor = ends[1]});
  Logger(*output, clock, "baskets", Level::info).info("to nobody");
  signal(SIGPIPE, before);
  close(ends[1]);
}

}  // namespace
}  // namespace pkg::log
