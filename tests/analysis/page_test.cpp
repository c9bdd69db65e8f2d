#include "analysis/page/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "analysis/page/bars.hpp"
#include "analysis/page/figure_text.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/quantity.hpp"
#include "analysis/results_file.hpp"
#include "tests/analysis/markup.hpp"
#include "tests/analysis/sample_plan.hpp"
#include "tests/analysis/sample_result.hpp"
#include "tests/analysis/without.hpp"

namespace superpod::analysis {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The sample with `text` in the place of every string that a user, or a file, can choose.
Result filled_with(const std::string& text) {
  Result result = sample::plan();
  for (std::string* field : {&result.name, &result.kind, &result.system, &result.version,
                             &result.scenario_text, &result.engine, &result.verdict})
    *field = text;
  for (Figure& figure : result.figures) figure.meaning = text, figure.unit = text, figure.key += text;
  for (Table& table : result.tables) {
    table.meaning = text;
    for (Column& column : table.columns) {
      column.meaning = text;
      if (auto* words = std::get_if<std::vector<std::string>>(&column.values))
        for (std::string& word : *words) word += text;
    }
  }
  result.tables.push_back({text, text, text, {{text, text, text, std::vector<std::string>{text}}}});
  for (Provenance& input : result.provenance) input = {text, text, text, text, text};
  return result;
}

TEST(Page, OfOneResultIsTheSameBytes) { EXPECT_EQ(page(sample::result()), page(sample::result())); }

TEST(Page, OfAResultsFileIsThatOfTheResult) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() /
                                     ("superpod_page_" + std::to_string(std::random_device{}()) + ".h5");
  write(sample::result(), file);
  const std::string from_file = page(read(file));
  std::filesystem::remove(file);
  EXPECT_EQ(from_file, page(sample::result()));
}

TEST(Page, NeedsNoNetwork) {
  const std::string text = page(sample::plan());
  EXPECT_THAT(text, HasSubstr("default-src 'none'"));
  for (const char* door : {"@import", "fetch(", "XMLHttpRequest", "EventSource", "WebSocket", "sendBeacon"})
    EXPECT_THAT(text, Not(HasSubstr(door)));
  for (const char* door :
       {"http:", "https:", " src=", "<link", "url("})  // the library names the space of SVG, too
    EXPECT_THAT(markup(text), Not(HasSubstr(door)));
}

TEST(Page, LetsOnlyItsOwnScriptsRun) {
  const std::string text = page(sample::plan());
  EXPECT_EQ(count(text, "'sha256-"), 3U);  // tables, charts over time, and the library's
  EXPECT_EQ(count(text, "<script>"), 3U);
  EXPECT_EQ(count(page(sample::result()), "<script>"), 2U);
  EXPECT_EQ(count(page(Result{}), "<script>"), 1U);
  EXPECT_THAT(text, Not(HasSubstr("script-src 'unsafe-inline'")));
}

TEST(Page, IsBalancedMarkupWhateverItHolds) {
  EXPECT_EQ(first_unbalanced(page(sample::plan())), "");
  EXPECT_EQ(first_unbalanced(page(sample::sweep())), "");
  EXPECT_EQ(first_unbalanced(page(sample::result())), "");
  EXPECT_EQ(first_unbalanced(page(Result{})), "");
  EXPECT_EQ(first_unbalanced(page(filled_with("</td></table><b \"'>"))), "");
}

TEST(Page, EscapesEveryStringEverywhere) {
  const std::string hostile = "</script></style><script>alert(1)</script><!--<img onerror=x>\"'";
  const std::string text = page(filled_with(hostile));
  const std::string harmless = page(filled_with("harmless"));
  for (const char* tag : {"<script", "</script", "<style", "</style", "<img", "<!--"})
    EXPECT_EQ(count(text, tag), count(harmless, tag)) << tag;
  EXPECT_GT(count(text, "&lt;/script&gt;"), 50U);
  EXPECT_EQ(count(markup(text), "'"), count(markup(harmless), "'"));  // no attribute ends early
  EXPECT_EQ(count(markup(text), "\""), count(markup(harmless), "\""));
}

TEST(Page, NamesEverySectionOnceAndLinksToIt) {
  const std::string text = page(sample::result());
  const std::vector<std::string> links = matches(text, "href='#([^']*)'");
  std::vector<std::string> ids = matches(markup(text), " id='([^']*)'");
  EXPECT_GE(links.size(), 10U);
  for (const std::string& link : links) EXPECT_THAT(ids, testing::Contains(link));
  std::ranges::sort(ids);
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
}

TEST(Page, LeavesOutWhatTheResultLacks) {
  for (const auto& [table, section] :
       std::vector<std::pair<std::string, std::string>>{{"breakdown", "breakdown"},
                                                        {"critical_path", "critical-path"},
                                                        {"slots", "timeline"},
                                                        {"links", "network"},
                                                        {"memory", "memory"},
                                                        {"kernels", "kernels"}}) {
    const std::string id = "id='" + section + "'";
    EXPECT_THAT(page(sample::result()), HasSubstr(id));
    EXPECT_THAT(page(without(sample::result(), table)), Not(HasSubstr(id)));
  }
}

TEST(Page, OfNothingStillHasATitle) { EXPECT_THAT(page(Result{}), HasSubstr("<title>superpod</title>")); }

TEST(Page, SaysTheVerdictBeforeAnyChart) {
  const std::string text = page(sample::result());
  EXPECT_LT(text.find("class='verdict'"), text.find("class='bars'"));
}

TEST(Page, HoldsEveryFigureWithItsUnitAndDefinition) {
  const Result result = sample::result();
  const std::string text = page(result);
  const std::string section = text.substr(text.find("id='figures'"));
  for (const Figure& figure : result.figures) {
    EXPECT_THAT(section, HasSubstr("<code>" + html(figure.key) + "</code>"));
    EXPECT_THAT(section, HasSubstr(html(figure.meaning)));
    EXPECT_THAT(section, HasSubstr(html(value_text(figure))));
    EXPECT_THAT(section, HasSubstr(html(interval_text(figure))));
  }
}

TEST(Page, HoldsEveryInputWithGradeSourceAndNote) {
  const Result result = sample::result();
  const std::string text = page(result);
  const std::string section = text.substr(text.find("id='inputs'"));
  for (const Provenance& input : result.provenance)
    for (const std::string& part : {input.path, input.value, input.grade, input.source, input.note})
      EXPECT_THAT(section, HasSubstr(html(part)));
  EXPECT_EQ(count(section, "<tr data-grade="), result.provenance.size());
}

TEST(Page, HoldsTheScenarioAsItWasWritten) {
  EXPECT_THAT(page(sample::result()),
              HasSubstr("<code>" + html(sample::result().scenario_text) + "</code></pre>"));
}

TEST(Page, ShowsTablesThatItDoesNotKnow) {
  Result result = sample::result();
  result.tables.push_back({"requests",
                           "request",
                           "what users sent",
                           {{"tokens", "", "in the answer", std::vector<std::int64_t>{12345}}}});
  const std::string text = page(result);
  EXPECT_THAT(text, HasSubstr("What users sent."));
  EXPECT_THAT(text, HasSubstr(">12,345</td>"));
}

TEST(Page, ShowsATableAsItWantsToBeShownWhateverItIsCalled) {
  Result renamed = sample::result(), of_old_file = sample::result();
  for (Table& table : renamed.tables)
    if (table.view == View::timeline) table.name = "what_happens";
  EXPECT_THAT(page(renamed), HasSubstr("Pipeline timeline"));
  EXPECT_THAT(page(renamed), Not(HasSubstr("More tables")));
  for (Table& table : of_old_file.tables) table.view = View::plain;
  EXPECT_THAT(page(of_old_file), Not(HasSubstr("Pipeline timeline")));
  EXPECT_THAT(page(of_old_file), testing::AllOf(HasSubstr("More tables"), HasSubstr(">Slots<")));
}

TEST(Page, OfAResultThatContradictsItselfIsRefused) {
  Result result = sample::result();
  result.arrays[0].values.pop_back();
  EXPECT_THROW(page(result), std::logic_error);
}

// ---- Bars
// -----------------------------------------------------------------------------------------------------------

std::vector<std::pair<double, double>> bars(const std::string& chart) {
  std::vector<std::pair<double, double>> out;
  const std::vector<std::string> from = matches(chart, "--from:([0-9.]+)%;--size"),
                                 size = matches(chart, "--size:([0-9.]+)%");
  for (std::size_t i = 0; i < from.size(); ++i) out.emplace_back(std::stod(from[i]), std::stod(size[i]));
  return out;
}

constexpr double drawn = 0.011;  // per cent: lengths are written with two decimals

TEST(Waterfall, BeginsEachCauseWhereTheOneBeforeItEnds) {
  Colours colours;
  const Result result = sample::result();
  const auto steps =
      bars(waterfall(*result.table("breakdown"), {result.figure("step_time_s")->value}, colours));
  ASSERT_EQ(steps.size(), 6U);  // five causes and their sum
  double end = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(steps[i].first, end, drawn);
    end = steps[i].first + steps[i].second;
  }
  EXPECT_NEAR(end, 100, drawn);
}

TEST(Waterfall, ShowsWhatItsCausesDoNotExplain) {
  Colours colours;
  const Result result = sample::result();
  const double step = result.figure("step_time_s")->value;
  const Table& breakdown = *result.table("breakdown");
  EXPECT_THAT(waterfall(breakdown, {step}, colours), Not(HasSubstr("not explained")));
  EXPECT_THAT(waterfall(breakdown, {step * 1.25}, colours), HasSubstr("not explained"));
  EXPECT_NEAR(bars(waterfall(breakdown, {step * 1.25}, colours))[5].second, 20, drawn);  // 0.25 of 1.25
}

TEST(Waterfall, BeginsWithWhatWouldBeTakenAtPeak) {
  Colours colours;
  const Result result = sample::result();
  const double step = result.figure("step_time_s")->value;
  const std::string chart = waterfall(*result.table("breakdown"), {step, 0.4 * step}, colours);
  const auto steps = bars(chart);
  ASSERT_EQ(steps.size(), 7U);  // computation in two parts, four other causes and their sum
  EXPECT_NEAR(steps[0].second, 40, drawn);
  EXPECT_NEAR(steps[1].first, 40, drawn);
  EXPECT_LT(chart.find("compute at peak"), chart.find("kernels below peak"));
  EXPECT_NEAR(steps[5].first + steps[5].second, 100, drawn);
}

TEST(Waterfall, KeepsComputationWholeWhenItWouldTakeLongerAtPeak) {
  Colours colours;
  const Result result = sample::result();
  const double step = result.figure("step_time_s")->value;
  EXPECT_THAT(waterfall(*result.table("breakdown"), {step, step}, colours), Not(HasSubstr("at peak")));
}

TEST(MemoryBars, EndTogetherWhereTheUsedMemoryEnds) {
  Colours colours;
  const Table memory = {"memory",
                        "stage",
                        "",
                        {{"stage", "", "", std::vector<std::string>{"first"}},
                         {"weights", "B", "", std::vector<double>{20e9}},
                         {"buffers", "B", "", std::vector<double>{16e9}},
                         {"capacity", "B", "", std::vector<double>{144e9}}},
                        View::memory};
  const std::string chart = memory_bars(memory, colours);
  const auto parts = bars(chart);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_NEAR(parts[1].first + parts[1].second, 25, drawn);  // 36 of 144 GB
  EXPECT_THAT(chart, HasSubstr(">36.00</td>"));
  EXPECT_THAT(chart, HasSubstr(">25.0</td>"));
  EXPECT_THAT(chart, HasSubstr("class='capacity' style='--from:100.00%'"));
}

TEST(MemoryBars, ThatOverflowKeepTheCapacityInsideTheChart) {
  Colours colours;
  const Table memory = {
      "memory",
      "stage",
      "",
      {{"weights", "B", "", std::vector<double>{200e9}}, {"capacity", "B", "", std::vector<double>{100e9}}},
      View::memory};
  EXPECT_THAT(memory_bars(memory, colours), HasSubstr("class='capacity' style='--from:50.00%'"));
}

TEST(Colours, AreOneForEachNameAndNoneForIdleTime) {
  Colours colours;
  EXPECT_EQ(colours.of("compute"), 1);
  EXPECT_EQ(colours.of("all-to-all"), 2);
  EXPECT_EQ(colours.of("compute"), 1);
  EXPECT_EQ(colours.of("pipeline bubble"), 0);
}

// ---- Text
// -----------------------------------------------------------------------------------------------------------

TEST(Html, LeavesNoMarkupAndNoControlCharacter) {
  EXPECT_EQ(html("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  EXPECT_EQ(html(std::string_view{"a\0b\x1b\x7f\r\n\t", 8}), "a\uFFFDb\uFFFD\uFFFD\n\t");
}

TEST(Html, KeepsUtf8AndReplacesWhatIsNone) {
  EXPECT_EQ(html("é 中文 🚀"), "é 中文 🚀");
  for (const char* broken : {"\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE4\xB8", "\x80"}) {
    EXPECT_EQ(html(broken).substr(0, 3), "\uFFFD") << broken;
    EXPECT_EQ(html(broken).size() % 3, 0U);  // nothing but replacements
  }
}

TEST(ScriptString, CannotEndItsScript) {
  EXPECT_EQ(script_string("</script>\"\\"), "\"\\u003c/script>\\\"\\\\\"");
}

TEST(ScriptNumber, ReadsBackAsItself) {
  for (const double value : {0.1, -1e-300, 3.5e17, 1.0 / 3})
    EXPECT_EQ(std::stod(script_number(value)), value);
  EXPECT_EQ(script_number(std::nan("")), "null");
}

TEST(Quantity, HasFourDigitsAPrefixAndAUnit) {
  EXPECT_EQ(quantity(0.6124, "s"), "612.4\u00A0ms");
  EXPECT_EQ(quantity(2.1e-6, "s"), "2.1\u00A0µs");
  EXPECT_EQ(quantity(5025, "s"), "5,025\u00A0s");
  EXPECT_EQ(quantity(10800, "s"), "3\u00A0h");
  EXPECT_EQ(quantity(52.6 * 86400, "s"), "52.6\u00A0d");
  EXPECT_EQ(quantity(6.862e13, "J"), "19.06\u00A0GWh");
  EXPECT_EQ(quantity(412e6, "USD"), "412\u00A0M\u00A0USD");
  EXPECT_EQ(quantity(9000, "CNY"), "9,000\u00A0CNY");
  EXPECT_EQ(quantity(1000, "m2"), "1,000\u00A0m²");
  EXPECT_EQ(quantity(310703, ""), "310,703");
  EXPECT_EQ(quantity(14.8e12, ""), "14.8\u00A0tn");
  EXPECT_EQ(quantity(400e9, "B/s"), "400\u00A0GB/s");
  EXPECT_EQ(quantity(999.96e9, "B"), "1\u00A0TB");  // rounds up into the next prefix
  EXPECT_EQ(quantity(8192, ""), "8,192");
  EXPECT_EQ(quantity(0.4127, ""), "41.3\u00A0%");
  EXPECT_EQ(quantity(1e18, "FLOP/s"), "1\u00A0EFLOP/s");
  EXPECT_EQ(quantity(0, "B"), "0\u00A0B");
  EXPECT_EQ(quantity(std::nan(""), "s"), "n/a");
  EXPECT_EQ(quantity(std::numeric_limits<double>::infinity(), "s"), "n/a");
}

TEST(Scale, IsSharedByAColumnAndHidesNoSmallNumber) {
  const std::array values{0.710, 1.380, 0.0000002, 0.0};
  const Scale scale = scale_of(values, "s");
  EXPECT_EQ(scale.unit, "s");
  EXPECT_EQ(digits(values[1], scale), "1.380");
  EXPECT_EQ(digits(values[2], scale), "<0.001");
  EXPECT_EQ(digits(values[3], scale), "0.000");
}

/// Seen through any scale of its own, a number keeps four digits: it comes back within half of the last one.
TEST(Scale, KeepsFourDigitsOfAnyNumber) {
  std::mt19937 random{7};
  std::uniform_real_distribution<double> exponent{-9, 17}, mantissa{1, 10};
  for (int i = 0; i < 2000; ++i) {
    const double value = mantissa(random) * std::pow(10, std::floor(exponent(random)));
    const char* unit = value < 1 ? "s" : "B";
    const Scale scale = scale_of(std::array{value}, unit);
    std::string text = digits(value, scale);
    std::erase(text, ',');
    constexpr double half_of_the_fourth = 5.001e-4;
    EXPECT_NEAR(std::stod(text) * scale.divisor, value, value * half_of_the_fourth) << text << scale.unit;
  }
}

TEST(Length, StaysOnThePage) {
  EXPECT_EQ(length(0.4127), "41.27%");
  EXPECT_EQ(length(3), "100.00%");
  EXPECT_EQ(length(-1), "0.00%");
  EXPECT_EQ(length(std::nan("")), "0.00%");
}

TEST(FigureText, SpeaksTheFigureInWords) {
  const auto named = [](const char* key, double value, const char* unit) {
    return Figure{key, value, unit, ""};
  };
  EXPECT_EQ(label(named("step_time_s", 1, "s")), "Step time");
  EXPECT_EQ(label(named("tokens_per_s_per_npu", 1, "1/s")), "Tokens per second per NPU");
  EXPECT_EQ(label(named("breakdown_s.bubble", 1, "s")), "Breakdown: bubble");
  EXPECT_EQ(label(named("memory_bytes.total", 1, "B")), "Memory: total");
  EXPECT_EQ(label(named("ttft_s.p50", 1, "s")), "TTFT: p50");
  EXPECT_EQ(label(named("mfu", 1, "")), "MFU");
  EXPECT_EQ(label(named("power_w", 1, "W")), "Power");
  EXPECT_EQ(label(named("floor_m2", 1, "m2")), "Floor");
  EXPECT_EQ(label(named("reliability.mtbf_s", 1, "s")), "Reliability: MTBF");
  EXPECT_EQ(value_text(named("tokens_per_s_per_npu", 1995, "1/s")), "1,995\u00A0tokens/s/NPU");
  EXPECT_EQ(value_text(named("throughput_tokens_per_s", 1.635e7, "1/s")), "16.35\u00A0M\u00A0tokens/s");
  EXPECT_EQ(value_text(named("goodput_requests_per_s", 12.5, "1/s")), "12.5\u00A0requests/s");
}

TEST(FigureText, WritesBothEndsOfAnIntervalInOneScale) {
  EXPECT_EQ(interval_text({"step_time_s", 0.9, "s", "", std::pair{0.8, 1.1}}), "0.800 to 1.100\u00A0s");
  EXPECT_EQ(interval_text({"step_time_s", 0.9, "s", ""}), "");
}

}  // namespace
}  // namespace superpod::analysis
