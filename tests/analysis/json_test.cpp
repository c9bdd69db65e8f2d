#include "analysis/json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <string>

#include "tests/analysis/sample_result.hpp"

namespace superpod::analysis {
namespace {

using Parsed = nlohmann::json;

TEST(Json, NamesTheScenarioAndNestsItsFigures) {
  const Parsed object = Parsed::parse(json(sample::result()));
  EXPECT_EQ(object["scenario"], "deepseek_v3_atlas_950");
  EXPECT_EQ(object["kind"], "training");
  EXPECT_EQ(object["engine"], "folded");
  EXPECT_EQ(object["seed"], 7);
  EXPECT_EQ(object["classes"]["links"], 5);
  EXPECT_EQ(object["breakdown_s"]["expert all-to-all"], 0.26);
  EXPECT_EQ(object["memory_bytes"]["capacity"], 144'000'000'000);
}

TEST(Json, EveryFigureIsThereWithItsExactValue) {
  const Result result = sample::result();
  const Parsed flat = Parsed::parse(json(result)).flatten();  // "/breakdown_s/bubble"
  for (const Figure& figure : result.figures) {
    std::string path = "/" + figure.key;
    for (char& c : path) c = c == '.' ? '/' : c;
    ASSERT_TRUE(flat.contains(path)) << figure.key;
    EXPECT_EQ(flat[path].get<double>(), figure.value);
    ASSERT_EQ(flat.contains(path + "_interval/0"), figure.interval.has_value());
    if (figure.interval) {
      EXPECT_EQ(flat[path + "_interval/0"].get<double>(), figure.interval->first);
      EXPECT_EQ(flat[path + "_interval/1"].get<double>(), figure.interval->second);
    }
  }
}

TEST(Json, CountsAndBytesAreWholeNumbersWhereTheyAreWhole) {
  Result result;
  result.figures = {
      {"npus", 8192, "", ""}, {"mfu", 0.5, "", ""}, {"size", 4096, "B", ""}, {"time_s", 2, "s", ""}};
  const Parsed object = Parsed::parse(json(result));
  EXPECT_TRUE(object["npus"].is_number_integer());
  EXPECT_TRUE(object["size"].is_number_integer());
  EXPECT_TRUE(object["mfu"].is_number_float());
  EXPECT_TRUE(object["time_s"].is_number_float());
}

TEST(Json, NumbersReadBackAsTheSame) {
  std::mt19937_64 generator{1};
  Result result;
  for (int i = 0; i < 2000; ++i) {
    const double value =
        std::ldexp(static_cast<double>(generator()), static_cast<int>(generator() % 200) - 130);
    result.figures.push_back({std::to_string(i) + "th", value, "s", ""});
  }
  const Parsed object = Parsed::parse(json(result));
  for (const Figure& figure : result.figures) EXPECT_EQ(object[figure.key].get<double>(), figure.value);
}

TEST(Json, WhatIsNotFiniteIsNull) {
  Result result;
  result.figures = {{"a", std::numeric_limits<double>::infinity(), "s", ""},
                    {"b", std::numeric_limits<double>::quiet_NaN(), "", ""}};
  const Parsed object = Parsed::parse(json(result));
  EXPECT_TRUE(object["a"].is_null());
  EXPECT_TRUE(object["b"].is_null());
}

TEST(Json, FiguresOfThisRunFollowThoseOfTheResult) {
  const Parsed object =
      Parsed::parse(json(sample::result(), {{"wall_s", 0.25, "s", "time that the run took"}}));
  EXPECT_EQ(object["wall_s"], 0.25);
}

TEST(Json, RefusesAKeyThatIsBothAFigureAndAnObject) {
  Result result;
  result.figures = {{"a", 1, "", ""}, {"a.b", 2, "", ""}};
  EXPECT_THROW((void)json(result), std::logic_error);
  result.figures = {{"a.b", 1, "", ""}, {"a", 2, "", ""}};
  EXPECT_THROW((void)json(result), std::logic_error);
  result.figures = {{"kind", 1, "", ""}};
  EXPECT_THROW((void)json(result), std::logic_error);
}

TEST(Json, TextIsQuotedAndBrokenTextIsMended) {
  EXPECT_EQ(json_string("a \"b\"\n\\ é"), R"("a \"b\"\n\\ é")");
  EXPECT_EQ(json_string("\xff!"), "\"\xEF\xBF\xBD!\"");
}

}  // namespace
}  // namespace superpod::analysis
