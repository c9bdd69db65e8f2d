#include "analysis/page/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "analysis/page/difference.hpp"
#include "analysis/page/page.hpp"
#include "analysis/page/text_difference.hpp"
#include "tests/analysis/markup.hpp"
#include "tests/analysis/sample_plan.hpp"

namespace superpod::analysis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Figure time_of(double value, double low, double high) {
  return {"step_time_s", value, "s", "", std::pair{low, high}};
}

TEST(Difference, IsBetterByWhatIsWantedOfTheFigure) {
  EXPECT_EQ(difference({"step_time_s", 2, "s", ""}, {"step_time_s", 1, "s", ""}).better, Better::b);
  EXPECT_EQ(difference({"mfu", 0.4, "", ""}, {"mfu", 0.3, "", ""}).better, Better::a);
  EXPECT_EQ(difference({"npus", 4, "", ""}, {"npus", 8, "", ""}).better, Better::neither);
  EXPECT_EQ(difference({"cost", 4, "USD", ""}, {"cost", 4, "USD", ""}).better, Better::neither);
}

TEST(Difference, HasTheIntervalThatBothIntervalsAllow) {
  const Difference d = difference(time_of(10, 9, 12), time_of(8, 7, 9.5));
  ASSERT_TRUE(d.interval);
  EXPECT_DOUBLE_EQ(d.interval->first, 7 - 12);
  EXPECT_DOUBLE_EQ(d.interval->second, 9.5 - 9);
  EXPECT_FALSE(d.sure);
  EXPECT_EQ(in_words(d), "perhaps B");
  EXPECT_TRUE(difference(time_of(10, 9, 12), time_of(6, 5, 7)).sure);
}

/// Swapping the results swaps the answer.
TEST(Difference, IsTurnedRoundWithItsResults) {
  const Figure a = time_of(10, 9, 12), b = time_of(8, 7, 9.5);
  const Difference d = difference(a, b), back = difference(b, a);
  EXPECT_DOUBLE_EQ(d.absolute, -back.absolute);
  EXPECT_DOUBLE_EQ(d.interval->first, -back.interval->second);
  EXPECT_DOUBLE_EQ((1 + d.relative) * (1 + back.relative), 1);
  EXPECT_EQ(back.better, Better::a);
}

TEST(Difference, OfNothingHasNoShare) {
  EXPECT_TRUE(std::isnan(difference({"lost_s", 0, "s", ""}, {"lost_s", 1, "s", ""}).relative));
  EXPECT_EQ(in_words(difference({"mfu", 0, "", ""}, {"mfu", 0, "", ""})), "equal");
}

std::string side(const std::string& a, const std::string& b, DiffLine::Where other) {
  std::string out;
  for (const DiffLine& line : text_difference(a, b))
    if (line.where != other) out += line.text + "\n";
  return out;
}

TEST(TextDifference, HoldsBothTexts) {
  const std::string a = "name: x\nsystem: atlas\nbatch: 4\nbatch: 5\nend\n",
                    b = "name: y\nsystem: atlas\nbatch: 5\nmore\nend\n";
  EXPECT_EQ(side(a, b, DiffLine::Where::only_b), a);
  EXPECT_EQ(side(a, b, DiffLine::Where::only_a), b);
}

TEST(TextDifference, KeepsAsManyLinesAsItCan) {
  using Where = DiffLine::Where;
  EXPECT_THAT(text_difference("a\nb\nc", "a\nc\nd"),
              ElementsAre(DiffLine{Where::both, "a"}, DiffLine{Where::only_a, "b"},
                          DiffLine{Where::both, "c"}, DiffLine{Where::only_b, "d"}));
  EXPECT_THAT(text_difference("", "a"), ElementsAre(DiffLine{Where::only_b, "a"}));
}

TEST(ComparisonPage, IsBalancedMarkupWithoutConnections) {
  const std::string text = comparison_page(sample::plan(), sample::other_plan());
  EXPECT_EQ(first_unbalanced(text), "");
  EXPECT_EQ(first_unbalanced(comparison_page(Result{}, sample::plan())), "");
  EXPECT_EQ(first_unbalanced(comparison_page(Result{}, Result{})), "");
  for (const char* door : {"http:", "https:", " src=", "<link", "url(", "fetch("})
    EXPECT_THAT(text, Not(HasSubstr(door)));
}

TEST(ComparisonPage, SaysWhatDiffersAndByHowMuch) {
  const std::string text = comparison_page(sample::plan(), sample::other_plan());
  for (const char* some :
       {"48.39\u00A0d in B", "\u22128.0\u00A0%", "B is better", "A is better", "1.2 PFLOP/s",
        "only in B: </span>+ system: {networks:", "4 inputs are the same in both"})
    EXPECT_THAT(text, HasSubstr(some));
}

TEST(ComparisonPage, OfAResultWithItselfFindsNoDifference) {
  const std::string text = markup(comparison_page(sample::plan(), sample::plan()));
  EXPECT_THAT(text, HasSubstr("is the same in A and B"));
  EXPECT_THAT(text, HasSubstr("No input differs"));
  for (const char* word : {"A is better", "B is better", "perhaps A", "perhaps B", "<ins", "<del"})
    EXPECT_THAT(text, Not(HasSubstr(word)));
}

TEST(ComparisonPage, EscapesEveryString) {
  Result hostile = sample::plan();
  hostile.name = hostile.verdict = hostile.scenario_text = hostile.system =
      "</script><script>alert(1)</script>'\"";
  hostile.provenance.front().value = hostile.provenance.front().path = hostile.name;
  const std::string text = comparison_page(hostile, sample::other_plan());
  EXPECT_EQ(count(text, "<script"), count(comparison_page(sample::plan(), sample::other_plan()), "<script"));
  EXPECT_EQ(first_unbalanced(text), "");
}

}  // namespace
}  // namespace superpod::analysis
