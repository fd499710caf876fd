#include "pkg/config/env_file.hpp"

#include <gmock/gmock.h>

namespace pkg::config {
namespace {

std::string value_of(std::string_view line) {
  const auto file = parse_env_file(line);
  return file.entries.size() == 1 && file.faults.empty() ? file.entries[0].value : "not one entry";
}

TEST(EnvFile, TakesNamesAndValuesAndSkipsComments) {
  const auto file = parse_env_file("# first\n\nA=1\r\n  B = two words  \nexport C=3\n");
  ASSERT_EQ(file.entries.size(), 3u);
  EXPECT_EQ(file.entries[0].name, "A");
  EXPECT_EQ(file.entries[0].value, "1");
  EXPECT_EQ(file.entries[1].value, "two words");
  EXPECT_EQ(file.entries[1].line, 4u);
  EXPECT_EQ(file.entries[2].name, "C");
  EXPECT_TRUE(file.faults.empty());
}

TEST(EnvFile, ReadsQuotesAndTrailingComments) {
  EXPECT_EQ(value_of("A='x # y' # z"), "x # y");
  EXPECT_EQ(value_of(R"(A="line\nnext \"q\" \\ \d")"), "line\nnext \"q\" \\ \\d");
  EXPECT_EQ(value_of("A=p#w # note"), "p#w");
  EXPECT_EQ(value_of("A="), "");
  EXPECT_EQ(value_of("A= # note"), "");
  EXPECT_EQ(value_of("A=a=b"), "a=b");
}

TEST(EnvFile, NamesEveryLineThatIsWrong) {
  const auto file = parse_env_file("no value\nA=1\n9B=2\nA=2\nC=\"open\nD='x' y\n=v");
  EXPECT_THAT(file.faults, testing::ElementsAre(
                               "line 1: expected NAME=value", "line 3: expected NAME=value", "line 4: A is given twice, first in line 2",
                               "line 5: the quoted value of C does not end where the line ends",
                               "line 6: the quoted value of D does not end where the line ends", "line 7: expected NAME=value"));
  ASSERT_EQ(file.entries.size(), 1u);
  EXPECT_EQ(file.entries[0].value, "1");
}

}  // namespace
}  // namespace pkg::config
