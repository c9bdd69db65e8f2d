#include "scenarios/run/forecast.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "models/collectives/workload.hpp"
#include "scenarios/run/memory_limit.hpp"
#include "scenarios/run/simulate.hpp"
#include "tests/models/small_steps.hpp"
#include "tests/scenarios/command_line.hpp"

namespace superpod::scenarios {
namespace {

using models::Algorithm;
using models::Detail;
using models::Operation;
using models::Schedule;

void expect_near(const Counts& expected, const Counts& found, double relative) {
  const auto near = [&](double want, double is, const char* what) {
    EXPECT_NEAR(is, want, relative * want) << what;
  };
  near(expected.ranks, found.ranks, "ranks");
  near(expected.occupations, found.occupations, "occupations");
  near(expected.messages, found.messages, "messages");
  near(expected.links, found.links, "links");
}

TEST(Forecast, CountsOfCollectivesAreExact) {
  for (const auto& [name, fabric] : models::small_fabrics())
    for (const auto operation : {Operation::all_reduce, Operation::all_to_all, Operation::all_gather})
      for (const auto algorithm :
           {Algorithm::ring, Algorithm::halving_doubling, Algorithm::direct, Algorithm::hierarchical}) {
        models::CollectiveWorkload workload;
        workload.operation = operation;
        workload.algorithm = algorithm;
        workload.size = 1 * unit::MB;
        if (!flaws(workload, fabric).empty()) continue;
        SCOPED_TRACE(name);
        const topology::Wiring wiring{fabric};
        const Counts full = counts(plan(workload, wiring, Detail::full));
        const Counts foretold = counts_one_by_one(plan(workload, wiring, Detail::folded));
        expect_near(full, foretold, 0);
        if (operation != Operation::all_to_all || algorithm == Algorithm::direct) {
          EXPECT_EQ(foretold.routes, full.routes);
          EXPECT_EQ(foretold.hops, full.hops);
        }
        EXPECT_EQ(foretold.waits, full.waits);
        EXPECT_EQ(foretold.dependencies, full.dependencies);
      }
}

TEST(Forecast, CountsOfTrainingStepsAreNearlyExact) {
  constexpr double nearly = 0.02;
  for (const char* fabric : {"2D full mesh 8x8", "board mesh in pod Clos 8x8", "rail-optimised 2x4x8"})
    for (const auto& [llm, expert] :
         {std::pair{models::small_dense(), 1}, std::pair{models::small_moe(), 8}}) {
      SCOPED_TRACE(fabric);
      const topology::Wiring wiring{models::fabric_named(fabric)};
      const auto workload = models::workload_of(llm, 2, expert, 4, Schedule::one_f_one_b);
      const auto planned = [&](Detail detail) {
        return models::plan(workload, models::small_chip(), wiring, detail).plan;
      };
      const Counts full = counts(planned(Detail::full));
      const Counts foretold = counts_one_by_one(planned(Detail::folded));
      expect_near(full, foretold, nearly);
      EXPECT_NEAR(foretold.tasks(), full.tasks(), 0.1 * full.tasks());
      EXPECT_NEAR(foretold.dependencies, full.dependencies, 0.1 * full.dependencies);
    }
}

TEST(Forecast, OfAFoldedRunCountsItsPlan) {
  const topology::Wiring wiring{models::small_fabrics().front().fabric};
  models::CollectiveWorkload workload;
  workload.size = 1 * unit::MB;
  const models::Work planned = plan(workload, wiring, Detail::folded);
  EXPECT_EQ(counts(planned).tasks(), static_cast<double>(planned.work.tasks().size()));
  EXPECT_EQ(counts(planned).links, static_cast<double>(planned.platform.links.size()));
}

TEST(Forecast, MoreOfAnythingTakesMore) {
  Counts counts{.ranks = 1e3, .messages = 1e6, .routes = 1e6};
  const Forecast less = forecast(Detail::full, counts);
  counts.messages *= 2;
  EXPECT_GT(forecast(Detail::full, counts).memory, less.memory);
  EXPECT_GT(forecast(Detail::full, counts).time, less.time);
}

TEST(Forecast, WhatDoesNotFitIsRefusedInWords) {
  const Forecast huge = forecast(Detail::full, {.ranks = 1e6, .messages = 1e12, .routes = 1e12});
  try {
    require_room(huge);
    FAIL() << "no machine has " << huge.memory.in(unit::GB) << " GB";
  } catch (const std::runtime_error& refused) {
    const std::string words = refused.what();
    EXPECT_NE(words.find("1,000 billion messages"), std::string::npos) << words;
    EXPECT_NE(words.find("leave out --engine full"), std::string::npos) << words;
  }
  EXPECT_NO_THROW(require_room(forecast(Detail::folded, {.ranks = 1})));
}

TEST_F(CommandLine, AFullRunThatIsTooLargeIsRefusedBeforeItIsPlanned) {
  const Called called = superpod("run " + scenario("all_reduce_on_atlas_960_supercluster") +
                                 " --engine full --set workload.operation=all_to_all --set "
                                 "workload.algorithm=direct");
  EXPECT_EQ(called.exit_code, 1);
  EXPECT_NE(called.err.find("needs more memory than there is"), std::string::npos) << called.err;
  EXPECT_NE(called.err.find("billion messages"), std::string::npos) << called.err;
}

TEST_F(CommandLine, ARunThatAUlimitForbidsIsRefused) {
  const std::string full_run = "run " + scenario("all_to_all_on_cloudmatrix384") + " --engine full";
  const Called called = superpod(full_run + " --quiet");
  EXPECT_EQ(called.exit_code, 0) << called.err;
  EXPECT_EQ(called.err, "");
  const Called limited = superpod("--version && ulimit -v 130000 && " SUPERPOD_PROGRAM " " + full_run);
  EXPECT_EQ(limited.exit_code, 1);
  EXPECT_NE(limited.err.find("left by ulimit -v"), std::string::npos) << limited.err;
}

TEST_F(CommandLine, TheForecastIsAMessageNotAnAnswer) {
  const Called loud = superpod("run " + scenario("all_to_all_on_cloudmatrix384"));
  EXPECT_NE(loud.err.find("forecast: "), std::string::npos) << loud.err;
  EXPECT_EQ(loud.out.find("forecast: "), std::string::npos);
  EXPECT_EQ(superpod("run " + scenario("all_to_all_on_cloudmatrix384") + " --quiet").err, "");
}

class Groups : public CommandLine {
 protected:
  void limit(const std::string& group, const std::string& most, const std::string& used) const {
    std::filesystem::create_directories(path(group));
    std::ofstream{path(group) + "/memory.max"} << most << '\n';
    std::ofstream{path(group) + "/memory.current"} << used << '\n';
  }
};

TEST_F(Groups, AreLimitedByThoseAroundThem) {
  limit("outer", "1000", "900");
  limit("outer/inner", "500", "100");
  EXPECT_EQ(left_to_group(path(""), "/outer/inner"), Bytes{100});
  limit("outer", "max", "900");
  EXPECT_EQ(left_to_group(path(""), "/outer/inner"), Bytes{400});
  limit("outer/inner", "max", "100");
  EXPECT_EQ(left_to_group(path(""), "/outer/inner"), std::nullopt);
  EXPECT_EQ(left_to_group(path(""), "/none"), std::nullopt);
}

TEST_F(Groups, ThatUseMoreThanTheyMayHaveNothingLeft) {
  limit("full", "100", "200");
  EXPECT_EQ(left_to_group(path(""), "/full"), Bytes{});
}

TEST(MemoryLimit, IsSomeAndSaysWhose) {
  EXPECT_GT(memory_limit().left, 1 * unit::MB);
  EXPECT_FALSE(memory_limit().whose.empty());
}

}  // namespace
}  // namespace superpod::scenarios
