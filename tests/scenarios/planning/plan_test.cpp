#include "scenarios/planning/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>

#include "analysis/json.hpp"
#include "scenarios/planning/question.hpp"
#include "scenarios/run/simulate.hpp"
#include "scenarios/text/yaml_text.hpp"
#include "tests/scenarios/command_line.hpp"

namespace superpod::scenarios {
namespace {

using testing::HasSubstr;

/// Two small candidates for a small model.
const std::string small_plan = R"(name: "a plan: 'small' \"and\" quoted"
workload:
  kind: training
  model: llama3_8b
  sequence_length: 4096
  batch: 512
tokens: 1e11
limits: {deadline: 30 d, power: 3 MW}
site: {pue: 1.2}
candidates:
  - {system: dgx_h200_superpod, npus: [256]}
  - {system: atlas_950_superpod, npus: [64, 128]}
search: {tensor: [1, 2, 4], pipeline: [1, 2, 4], microbatch: [1, 2], recompute: [none, full]}
effort: {simulations: 2, refinements: 20}
uncertainty: {samples: 40, checks: 0}
)";

class Plan : public CommandLine {
 protected:
  [[nodiscard]] std::string written(const std::string& text) const {
    const std::string file = path("plan.yaml");
    std::ofstream{file} << text;
    return file;
  }
  [[nodiscard]] QuestionFile question(const std::string& text) const {
    Mistakes mistakes;
    auto file = read_question(written(text), Library::standard(), {}, mistakes);
    require_none(mistakes);
    return std::move(*file);
  }
  [[nodiscard]] std::string mistakes(const std::string& text_of_plan) const {
    Mistakes found;
    EXPECT_FALSE(read_question(written(text_of_plan), Library::standard(), {}, found));
    return text(found);
  }
};

template <class T>
const std::vector<T>& column(const analysis::Table& table, const char* name) {
  return std::get<std::vector<T>>(table.column(name)->values);
}

TEST_F(Plan, IsTheSameWhateverTheNumberOfThreads) {
  const auto file = question(small_plan);
  EXPECT_EQ(analysis::json(plan(file, Library::standard(), 1)),
            analysis::json(plan(file, Library::standard(), 3)));
}

TEST_F(Plan, AnswersAreScenariosThatTakeTheTimeThatTheyTell) {
  const analysis::Result result = plan(question(small_plan), Library::standard(), 2);
  const analysis::Table& answers = *result.table("answers");
  const auto& yaml = column<std::string>(*result.table("scenarios"), "yaml");
  ASSERT_EQ(yaml.size(), answers.rows());
  ASSERT_GE(answers.rows(), 4U);
  for (std::size_t row = 0; row < answers.rows(); ++row) {
    Mistakes none;
    auto scenario = read_scenario(std::make_shared<const Source>(Source{"answer", yaml[row]}),
                                  Library::standard(), {}, none);
    ASSERT_TRUE(scenario) << text(none) << yaml[row];
    scenario->scenario.uncertainty.reset();
    const auto again = simulate(*scenario, models::Detail::folded).result;
    const double step = column<double>(answers, "step_time_s")[row];
    EXPECT_NEAR(again.figure("step_time_s")->value, step, 1e-9 * step) << yaml[row];
    EXPECT_NEAR(again.figure("time_to_train_s")->value, column<double>(answers, "time_to_train_s")[row],
                1e-6 * again.figure("time_to_train_s")->value);
    EXPECT_LE(column<double>(answers, "bound_s")[row], step * (1 + 1e-9));
  }
}

TEST_F(Plan, AnswersWithinTheLimitsComeFirstAndTheFrontIsNotDominated) {
  const analysis::Result result = plan(question(small_plan), Library::standard(), 2);
  const analysis::Table& answers = *result.table("answers");
  const auto& meets = column<std::int64_t>(answers, "meets");
  const auto& npus = column<double>(answers, "npus");
  const auto& time = column<double>(answers, "time_to_train_s");
  const auto& front = column<std::int64_t>(answers, "pareto");
  for (std::size_t row = 0; row < answers.rows(); ++row) {
    if (row > 0) {
      EXPECT_GE(meets[row - 1], meets[row]);
    }
    if (row > 0 && meets[row] == 1 && meets[row - 1] == 1) {
      EXPECT_LE(npus[row - 1], npus[row]);
    }
    EXPECT_EQ(meets[row] == 1, time[row] <= 30 * 86400.0);
    for (std::size_t other = 0; front[row] == 1 && other < answers.rows(); ++other)
      EXPECT_FALSE(npus[other] < npus[row] && time[other] < time[row] &&
                   column<double>(answers, "power_w")[other] < column<double>(answers, "power_w")[row]);
  }
  EXPECT_THAT(result.verdict, HasSubstr("The binding limit is"));
  double rejected = 0;
  for (const double count : column<double>(*result.table("rejected"), "count")) rejected += count;
  EXPECT_GT(rejected, 0);
}

TEST_F(Plan, WhatCannotMeetTheDeadlineSaysByHowMuch) {
  std::string hard = small_plan;
  hard.replace(hard.find("30 d"), 4, "1 h ");
  const analysis::Result result = plan(question(hard), Library::standard(), 2);
  EXPECT_THAT(result.verdict, testing::StartsWith("No candidate keeps all limits. Nearest is"));
  EXPECT_THAT(result.verdict, HasSubstr("'deadline'"));
}

TEST_F(Plan, ASystemBeyondALimitIsOutWithoutASearch) {
  std::string few = small_plan;
  few.replace(few.find("power: 3 MW"), 11, "npus: 100  ");
  const analysis::Result result = plan(question(few), Library::standard(), 2);
  const analysis::Table& rejected = *result.table("rejected");
  EXPECT_THAT(column<std::string>(rejected, "stage"), testing::Contains("limit: npus"));
  for (const double npus : column<double>(*result.table("answers"), "npus")) EXPECT_LE(npus, 100);
}

TEST_F(Plan, MistakesAreToldWhereTheyStand) {
  const auto with = [](const std::string& old_text, const std::string& new_text) {
    std::string text = small_plan;
    return text.replace(text.find(old_text), old_text.size(), new_text);
  };
  EXPECT_THAT(mistakes(with("batch: 512", "batch: 512\n  microbatch: 2")),
              HasSubstr("plan.yaml:7:15: error: 'microbatch' is what the search finds"));
  EXPECT_THAT(mistakes(with("[256]", "[250]")),
              HasSubstr("250 NPUs are no whole number of units of the level 'unit'"));
  EXPECT_THAT(mistakes(with("power: 3 MW", "cost: 3 MUSD")), HasSubstr("a limit on cost needs prices"));
  EXPECT_THAT(mistakes(with("pue: 1.2", "pue: 0.2")), HasSubstr("0.2"));
  EXPECT_THAT(mistakes(with("site:", "prefer: cost\nsite:")), HasSubstr("cannot be told without prices"));
  EXPECT_THAT(mistakes(with("limits:", "compare: [{name: mine, system: h20}]\nlimits:")),
              HasSubstr("'h20' is no candidate"));
  EXPECT_THAT(mistakes(with("tokens: 1e11", "tokns: 1e11")), HasSubstr("did you mean 'tokens'?"));
}

TEST_F(Plan, OwnMappingsAreComparedWithTheBest) {
  const auto file = question(small_plan +
                             "compare:\n"
                             "  - {name: mine, system: dgx_h200_superpod, parallel: {tensor: 8}}\n"
                             "  - {name: not mine, system: dgx_h200_superpod, parallel: {tensor: 7}}\n");
  const analysis::Result result = plan(file, Library::standard(), 2);
  const analysis::Table& compared = *result.table("compared");
  ASSERT_EQ(compared.rows(), 2U);
  EXPECT_GT(column<double>(compared, "faster")[0], 0)
      << "the search is better than eight-way tensor parallelism";
  EXPECT_THAT(result.verdict, HasSubstr("mine (TP8 DP32 ZeRO-1"));
  EXPECT_THAT(result.verdict, HasSubstr("not mine cannot run"));
}

TEST_F(Plan, PricesOfOneCurrencyDecideAndMayBeOfACandidate) {
  std::string priced = small_plan;
  priced.replace(priced.find("power: 3 MW"), 11, "cost: 9 MUSD");
  priced.replace(priced.find("{system: dgx_h200_superpod"), 1,
                 "{prices: {units: {system: 20 MUSD}, electricity: 0.1 USD/kWh}, ");
  priced.replace(priced.find("site:"), 0,
                 "prices: {npu: 20 kUSD, electricity: 0.1 USD/kWh, lifetime: 5 y}\n");
  const analysis::Result result = plan(question(priced), Library::standard(), 2);
  const analysis::Table& answers = *result.table("answers");
  EXPECT_NE(answers.column("cost"), nullptr);
  EXPECT_EQ(answers.column("cost")->unit, "USD");
  for (std::size_t row = 0; row < answers.rows(); ++row)
    if (column<std::string>(answers, "system")[row].starts_with("DGX")) {
      EXPECT_EQ(column<std::int64_t>(answers, "meets")[row], 0) << "20 M are above the limit";
    }
  EXPECT_THAT(result.verdict, HasSubstr("Only a lower bound is known of 'cost'"));
  std::string mixed = priced;
  mixed.replace(mixed.find("20 MUSD"), 7, "20 MEUR");
  EXPECT_THAT(mistakes(mixed), HasSubstr("one currency"));
}

TEST_F(Plan, CommandTellsMistakesAndWritesFiles) {
  const std::string file = written(small_plan);
  const Called good = superpod("plan " + file + " -o " + path("plan.h5") + " --report " + path("plan.html"));
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("Answers, best first"));
  EXPECT_TRUE(std::filesystem::exists(path("plan.h5")));
  EXPECT_THAT(content(path("plan.html")), HasSubstr("a plan: &#39;small&#39;"));
  EXPECT_EQ(superpod("check " + file).exit_code, 0);
  EXPECT_EQ(superpod("plan " + written("name: nothing\n")).exit_code, 2);
  EXPECT_EQ(superpod("plan " + path("missing.yaml")).exit_code, 1);
}

TEST(Plans, OfTheHouseHaveNoMistakesAndASchema) {
  const std::filesystem::path folder = SUPERPOD_ROOT "/scenarios/plans";
  int plans = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() != ".yaml") continue;
    Mistakes found;
    const auto tree = read_yaml(entry.path(), found);
    ASSERT_TRUE(tree && is_plan(*tree)) << entry.path() << text(found);
    EXPECT_TRUE(read_question(*tree, Library::standard(), {}, found)) << text(found);
    ++plans;
  }
  EXPECT_GE(plans, 2);
  EXPECT_EQ(content(folder / "schema.json"), plan_schema());
}

TEST(YamlText, ReadsBackAsTheSameTree) {
  const std::string text =
      "name: \"a: 'b' \\\"c\\\" #d\"\nlist: [1, x y, {k: 400 Gb/s}]\nmap:\n  - 1\nnested: {a: {b: [c, "
      "\"\"]}, n: null}\n";
  Mistakes none;
  const auto tree = parse_yaml(std::make_shared<const Source>(Source{"t", text}), none);
  const auto again = parse_yaml(std::make_shared<const Source>(Source{"t", yaml_text(*tree)}), none);
  ASSERT_TRUE(none.empty()) << superpod::scenarios::text(none);
  EXPECT_EQ(yaml_text(*again), yaml_text(*tree));
  EXPECT_EQ(again->find("name")->text, "a: 'b' \"c\" #d");
  EXPECT_EQ(again->find("list")->children[2].find("k")->text, "400 Gb/s");
  EXPECT_EQ(again->find("nested")->find("a")->find("b")->children[1].text, "");
}

}  // namespace
}  // namespace superpod::scenarios
