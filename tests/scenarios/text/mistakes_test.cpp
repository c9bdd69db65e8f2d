#include "scenarios/text/mistakes.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace superpod::scenarios {
namespace {

const auto source = std::make_shared<Source>(
    Source{"bad.yaml",
           "topology:\n  kind: torus\n  shpae: [4, 4, 4]\n  bandwidth: 400 GBs\n  größe: klein\n\ttab\n"});

TEST(Mistakes, AreShownWithTheirLineACaretAndAHelp) {
  Mistakes mistakes;
  mistakes.add({source, 4, 18, 3}, "'GBs' is not a unit of a bandwidth",
               "did you mean 'GB/s'? units here: GB/s, TB/s, Gb/s");
  mistakes.add({source, 3, 3, 5}, "torus has no parameter 'shpae'", "did you mean 'shape'?");
  EXPECT_EQ(text(mistakes),
            "bad.yaml:3:3: error: torus has no parameter 'shpae'\n"
            "  3 |   shpae: [4, 4, 4]\n"
            "    |   ^^^^^\n"
            "    = help: did you mean 'shape'?\n"
            "bad.yaml:4:18: error: 'GBs' is not a unit of a bandwidth\n"
            "  4 |   bandwidth: 400 GBs\n"
            "    |                  ^^^\n"
            "    = help: did you mean 'GB/s'? units here: GB/s, TB/s, Gb/s\n");
}

TEST(Mistakes, ColumnsCountCharacters) {
  const int column = 3 + 7 + 2;  // bytes: `größe` has five characters and seven bytes
  EXPECT_EQ(text(Mistake{{source, 5, column, 5}, "no", ""}),
            "bad.yaml:5:10: error: no\n"
            "  5 |   größe: klein\n"
            "    |          ^^^^^\n");
}

TEST(Mistakes, ATabKeepsTheCaretInPlace) {
  EXPECT_EQ(text(Mistake{{source, 6, 2, 3}, "no", ""}),
            "bad.yaml:6:2: error: no\n  6 | \ttab\n    | \t^^^\n");
}

TEST(Mistakes, ALongLineIsCutAroundTheCaret) {
  const auto wide =
      std::make_shared<Source>(Source{"wide.yaml", std::string(500, 'a') + "!" + std::string(500, 'b')});
  const std::string said = text(Mistake{{wide, 1, 501, 1}, "no", ""});
  EXPECT_LT(said.size(), 400U);
  const auto line = said.find("  1 | "), below = said.find("    | ");
  EXPECT_EQ(said.find('!') - line, said.find('^') - below);
}

TEST(Mistakes, MayHaveNoPlace) {
  EXPECT_EQ(text(Mistake{{}, "nothing", "something"}), "error: nothing\n    = help: something\n");
}

TEST(Mistakes, BeyondTheEndOfTheTextAreShownToo) {
  EXPECT_EQ(text(Mistake{{source, 99, 7, 3}, "no", ""}), "bad.yaml:99:1: error: no\n  99 | \n     | ^\n");
}

TEST(Mistakes, AreShownOnce) {
  Mistakes mistakes;
  mistakes.add({source, 3, 3, 5}, "twice");
  mistakes.add({source, 3, 3, 5}, "twice");
  EXPECT_EQ(mistakes.sorted().size(), 1U);
}

TEST(Mistakes, BeyondTheLimitAreCounted) {
  Mistakes mistakes;
  for (int line = 1; line <= 5; ++line) mistakes.add({source, line, 1, 1}, "no");
  EXPECT_NE(text(mistakes, 3).find("... and 2 more\n"), std::string::npos);
  EXPECT_EQ(text(mistakes, 5).find("more"), std::string::npos);
}

TEST(Mistakes, AreThrownTogether) {
  Mistakes mistakes;
  EXPECT_NO_THROW(require_none(mistakes));
  mistakes.add({source, 1, 1, 1}, "one");
  mistakes.add({source, 2, 1, 1}, "two");
  try {
    require_none(mistakes);
    FAIL();
  } catch (const ScenarioError& error) {
    EXPECT_EQ(error.mistakes().count(), 2U);
    EXPECT_EQ(error.what(), text(mistakes));
  }
}

TEST(Words, InQuotesAreClipped) {
  EXPECT_EQ(in_quotes("abc"), "'abc'");
  EXPECT_EQ(in_quotes(std::string(100, 'x')), "'" + std::string(60, 'x') + "...'");
  EXPECT_EQ(in_quotes("a\nb"), "'a?b'");
}

TEST(Words, TheClosestIsProposedAndNothingFarAway) {
  const std::vector<std::string> known{"bandwidth", "latency", "levels", "h100_sxm"};
  EXPECT_EQ(suggestion("bandwith", known, "keys").substr(0, 25), "did you mean 'bandwidth'?");
  EXPECT_EQ(suggestion("Latency", known, "keys").substr(0, 23), "did you mean 'latency'?");
  EXPECT_EQ(suggestion("h100", known, "keys").substr(0, 24), "did you mean 'h100_sxm'?");
  EXPECT_EQ(suggestion("power", known, "keys"), "keys: bandwidth, latency, levels, h100_sxm");
}

}  // namespace
}  // namespace superpod::scenarios
