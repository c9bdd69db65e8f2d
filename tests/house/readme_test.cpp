// What the READMEs quote is what superpod answers now: each step time there is that of the golden file.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <regex>
#include <string>

#include "tests/house/tree.hpp"

namespace superpod::house {
namespace {

/// As the summary prints it: "3.811 s".
std::string step_time(const std::string& scenario) {
  static const std::regex key{R"re("step_time_s": ([0-9.]+))re"};
  for (const std::string& line : file("tests/golden/" + scenario + ".json").lines)
    if (std::smatch match; std::regex_search(line, match, key)) {
      std::array<char, 32> text{};
      std::snprintf(text.data(), text.size(), "%.4g s", std::stod(match.str(1)));
      return text.data();
    }
  return "no step time";
}

TEST(Readme, IsShort) { EXPECT_LE(file("README.md").lines.size(), 150U); }

/// `models/README.md`, in backquotes.
TEST(Readme, NamesPagesThatAreThere) {
  static const std::regex page{"`([a-z_/]+(README|results)\\.md)`"};
  for (const File& text : texts())
    if (text.path.ends_with(".md"))
      for (const std::string& line : text.lines)
        for (const std::string& path : all_in(line, page)) EXPECT_FALSE(file(path).lines.empty()) << path;
}

TEST(Readme, QuotesTheStepTimesOfNow) {
  std::string pages;
  for (const char* page : {"README.md", "scenarios/README.md", "models/README.md"})
    for (const std::string& line : file(page).lines) pages += line + "\n";
  for (const char* scenario :
       {"deepseek_v3_pretraining_on_atlas_950", "deepseek_v3_pretraining_on_atlas_950_supercluster",
        "deepseek_v3_pretraining_on_atlas_950_with_faults", "deepseek_v3_pretraining_on_2048_h800",
        "deepseek_v3_pretraining_on_atlas_960_superpod", "deepseek_v3_pretraining_on_atlas_960_supercluster",
        "llama3_405b_long_context_on_atlas_960_supercluster"})
    EXPECT_NE(pages.find(step_time(scenario)), std::string::npos) << scenario << ": " << step_time(scenario);
}

}  // namespace
}  // namespace superpod::house
