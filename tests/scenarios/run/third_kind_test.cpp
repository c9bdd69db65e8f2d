// The seam between the list of workloads and all that is done with them, seen from outside: a kind that no
// source knows runs through it, and one that lacks a function would not compile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <variant>

#include "analysis/json.hpp"
#include "analysis/page/page.hpp"
#include "scenarios/asked/kinds.hpp"
#include "scenarios/run/collective.hpp"
#include "scenarios/run/runnable.hpp"
#include "scenarios/run/serving.hpp"
#include "scenarios/run/simulate.hpp"
#include "scenarios/run/training.hpp"
#include "tests/scenarios/run/idle_workload.hpp"

namespace superpod::scenarios {

/// What cannot join the list: static assertions of check_runnable say which function is missing.
namespace lacking {

struct OnlyAWord {
  static constexpr std::string_view kind = "only_a_word";
};
struct WithoutResult : OnlyAWord {};
struct NoResult {};
void read_tables(WithoutResult&, const Places&, Mistakes&);
void note_flaws(const WithoutResult&, const ScenarioFile&, Mistakes&);
void note_misfits(const WithoutResult&, const ScenarioFile&, Mistakes&);
void check_ways(const WithoutResult&, const ScenarioFile&);
std::string explained(const WithoutResult&, const ScenarioFile&);
Run<NoResult> simulated(const WithoutResult&, const ScenarioFile&, const How&);
std::optional<Seconds> closed_form(const WithoutResult&, const Scenario&);

}  // namespace lacking

namespace {

using testing::HasSubstr;

using ThreeKinds = std::variant<models::CollectiveWorkload, models::TrainingWorkload, IdleWorkload>;

constexpr const char* system_of =
    "name: three kinds\nsystem: {base: dgx_h100_superpod, levels: {unit: {count: 1}}}\nworkload: ";
constexpr const char* a_collective = "{kind: collective, operation: all_reduce, size: 1 MB}\n";

/// The scenario around a workload.
ScenarioFile around() {
  Mistakes mistakes;
  const auto source =
      std::make_shared<const Source>(Source{"three.yaml", std::string{system_of} + a_collective});
  auto file = read_scenario(source, Library::standard(), {}, mistakes);
  require_none(mistakes);
  return std::move(*file);
}

/// A workload of any of the three kinds, written as in a scenario.
ThreeKinds workload_of(const std::string& yaml, ScenarioFile& on, Mistakes& mistakes) {
  const auto source = std::make_shared<const Source>(Source{"workload.yaml", yaml});
  ThreeKinds workload;
  if (const auto tree = parse_yaml(source, mistakes)) {
    const Library library = Library::standard();
    Reader reader{library, mistakes, on.places};
    read(*tree, workload, Spot{}.inside("workload"), reader);
  }
  return workload;
}

TEST(ThirdKind, RunsThroughTheSeamOfAllKinds) {
  ScenarioFile on = around();
  Mistakes mistakes;
  ThreeKinds workload = workload_of("{kind: idle, time: 3 ms}", on, mistakes);
  read_tables(workload, on.places, mistakes);
  note_flaws(workload, on, mistakes);
  note_misfits(workload, on, mistakes);
  EXPECT_TRUE(mistakes.empty()) << text(mistakes);
  check_ways(workload, on);
  EXPECT_EQ(explained(workload, on), "\nidle for 3 ms\n");

  for (const models::Detail detail : {models::Detail::folded, models::Detail::full}) {
    const Simulated done = simulated(workload, on, {detail});
    EXPECT_EQ(done.result.kind, "idle");
    EXPECT_EQ(done.result.name, "three kinds");
    EXPECT_FALSE(done.result.provenance.empty());
    EXPECT_DOUBLE_EQ(done.result.figure("time_s")->value, 3e-3);
    EXPECT_EQ(closed_form(workload, on.scenario), done.trace.makespan);
    EXPECT_EQ(done.result.figure("npus")->value,
              static_cast<double>(topology::npus(on.scenario.system.value.fabric())));
    EXPECT_THAT(analysis::page(done.result), HasSubstr("All idle for 3"));
  }
}

TEST(ThirdKind, SaysItselfWhatIsWrongWithIt) {
  ScenarioFile on = around();
  Mistakes of_reader, of_system;
  workload_of("{kind: idle, tme: 3 ms}", on, of_reader);
  EXPECT_THAT(text(of_reader), HasSubstr("did you mean 'time'"));
  const ThreeKinds workload = workload_of("{kind: idle, time: 1000 d}", on, of_system);
  note_flaws(workload, on, of_system);
  EXPECT_THAT(text(of_system), HasSubstr("nobody waits that long"));
}

TEST(ThirdKind, LeavesTheOthersAsTheyAre) {
  ScenarioFile on = around();
  Mistakes mistakes;
  const ThreeKinds workload = workload_of(a_collective, on, mistakes);
  EXPECT_EQ(analysis::json(simulated(workload, on, {}).result),
            analysis::json(simulate(on, models::Detail::folded).result));
}

static_assert(Runnable<models::CollectiveWorkload> && Runnable<models::TrainingWorkload> &&
              Runnable<models::ServingWorkload>);
static_assert(Runnable<IdleWorkload>);
static_assert(!Askable<lacking::OnlyAWord> && !Runnable<lacking::OnlyAWord>);
static_assert(Askable<lacking::WithoutResult> && Simulates<lacking::WithoutResult> &&
              !Runnable<lacking::WithoutResult>);

}  // namespace
}  // namespace superpod::scenarios
