/// The page of a plan: everything beside time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "analysis/page/page.hpp"
#include "tests/analysis/markup.hpp"
#include "tests/analysis/sample_plan.hpp"
#include "tests/analysis/without.hpp"

namespace superpod::analysis {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(PlanPage, LeavesOutWhatItLacks) {
  for (const auto& [table, section] :
       std::vector<std::pair<std::string, std::string>>{{"limits", "limits"},
                                                        {"bill", "bill"},
                                                        {"energy", "energy"},
                                                        {"answers", "candidates"},
                                                        {"validation", "validation"}}) {
    const std::string id = "id='" + section + "'";
    EXPECT_THAT(page(sample::plan()), HasSubstr(id));
    EXPECT_THAT(page(without(sample::plan(), table)), Not(HasSubstr(id))) << table;
  }
  Result certain = without(without(sample::plan(), "tornado"), "samples");
  EXPECT_THAT(page(certain), Not(HasSubstr("id='uncertainty'")));
}

/// A planner may know less than all: any column of any table can be missing.
TEST(PlanPage, PassesOverMissingColumns) {
  const Result whole = sample::plan();
  for (std::size_t t = 0; t < whole.tables.size(); ++t)
    for (std::size_t c = 0; c < whole.tables[t].columns.size(); ++c) {
      Result result = whole;
      result.arrays.clear();
      auto& columns = result.tables[t].columns;
      columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(c));
      EXPECT_EQ(first_unbalanced(page(result)), "")
          << whole.tables[t].name << '.' << whole.tables[t].columns[c].name;
    }
}

TEST(PlanPage, HoldsEveryCandidateWithItsNumbers) {
  const std::string text = page(sample::plan());
  for (const sample::Candidate& one : sample::candidates()) EXPECT_THAT(text, HasSubstr(one.mapping));
  EXPECT_EQ(count(text, "id='answer-"), sample::candidates().size());
  for (const char* some :
       {"46.29 to 61.54", "exceeds <bdi>power</bdi>", "no mapping fits into 64 GB of memory"})
    EXPECT_THAT(text, HasSubstr(some));
}

TEST(PlanPage, SaysWhatBindsBeforeAnythingElse) {
  const std::string text = page(sample::plan());
  EXPECT_LT(text.find("class='verdict'"), text.find("binding</span>"));
  EXPECT_LT(text.find("binding</span>"), text.find("id='bill'"));
}

}  // namespace
}  // namespace superpod::analysis
