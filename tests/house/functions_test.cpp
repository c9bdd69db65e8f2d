// Functions are short and take few things; those that are not have a reason.

#include "tests/house/functions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/house/tree.hpp"

namespace superpod::house {
namespace {

constexpr std::size_t many_lines = 40, many_parameters = 4;

/// Reason, and what has it: `topology/routing/ways.cpp spread`.
using Reasons = std::vector<std::pair<std::string, std::vector<std::string>>>;

const Reasons reasons_to_be_long{
    {"one parallel loop: its parts share all that a thread keeps", {"models/kernels/cpu/gemm.cpp multiply"}},
    {"one loop over registers, which no call may spill",
     {"models/kernels/cpu/microkernel_avx512_bf16.cpp add_block"}},
    {"a table of verbs with their options, in words", {"scenarios/cli/main.cpp add_verbs"}},
    {"one search, in the order of its steps", {"scenarios/planning/comparison.cpp add_comparison"}},
    {"one answer, in the order in which it is made", {"scenarios/run/forecast.cpp counts_one_by_one"}},
};

const Reasons reasons_to_take_many{
    {"a file: what is written, and how",
     {"analysis/chrome_trace.cpp Writer", "analysis/chrome_trace.cpp write_chrome_trace",
      "analysis/results_file_write.cpp copy"}},
    {"a drawing: data, scales and words", {"analysis/page/plot.cpp axes_markup"}},
    {"a fit: residuals, start, bounds, steps",
     {"models/calibration/calibrate.cpp fit", "models/calibration/least_squares.cpp minimised"}},
    {"the quantities of the formula",
     {"models/collectives/closed_forms.cpp halving_doubling_all_reduce_time_on_torus"}},
    {"a step of a collective: tasks, group, size, what it follows",
     {"models/collectives/collective.cpp restrict_for", "models/collectives/group/passed_on.cpp passed_on"}},
    {"what is checked, its key, and where flaws are noted",
     {"models/costs/bill.cpp power_of", "models/costs/equipment_flaws.cpp check_word"}},
    {"what is checked or drawn, its key, and where flaws are noted",
     {"models/faults/damaged_system.cpp check_digits", "models/faults/damaged_system.cpp check_rail",
      "models/faults/drawn_faults.cpp draw", "models/faults/drawn_faults.cpp draw_links",
      "models/faults/drawn_faults.cpp draw_switches"}},
    {"operands, result and how to run: what a kernel reads and writes",
     {"models/kernels/cpu/amx_product.hpp multiply_block", "models/kernels/cpu/attention.cpp attention",
      "models/kernels/cpu/attention.cpp mla_decode", "models/kernels/cpu/attention_tile-inl.hpp attend_tile",
      "models/kernels/cpu/gemm.cpp grouped_block_gemm", "models/kernels/cpu/gemm.cpp multiply",
      "models/kernels/cpu/rms_norm.cpp normalise", "models/kernels/cpu/rms_norm.cpp rms_norm_quantise",
      "models/kernels/cpu/stream_pairs.cpp stream_rows_of"}},
    {"the sizes of a product, as BLAS has them, and its operands",
     {"models/kernels/cpu/gemm.hpp block_gemm"}},
    {"what a device function takes: scalars in registers",
     {"models/kernels/cuda/attention.cu mask", "models/kernels/cuda/attention.cu write",
      "models/kernels/cuda/vector.cu launch_fill"}},
    {"the sizes of a product, as BLAS has them", {"models/kernels/kernel.cpp gemm"}},
    {"a step is written from its mapping, schedule, load and chip, which are apart elsewhere",
     {"models/training/expert_exchange.cpp ExpertExchange::write", "models/training/jittered_step.cpp draw",
      "models/training/jittered_step.cpp slowest_replicas", "models/training/stages.cpp stages_of",
      "models/training/step.cpp plan", "models/training/step_writer.cpp write_op",
      "models/training/step_writer.cpp write_ops", "models/training/step_tasks.cpp StepTasks::send",
      "models/training/weight_update.cpp WeightUpdate::reduce_over"}},
    {"inputs, the study, and the runs that it may ask for", {"models/uncertainty/uncertainty.cpp study"}},
    {"an answer is made of all that the search knew", {"scenarios/planning/comparison.cpp add_comparison"}},
    {"what is swept, where it is kept, and by how many", {"scenarios/sweep/run_sweep.cpp run_sweep"}},
    {"the columns of a row",
     {"scenarios/tables/expert_load.cpp popularities", "scenarios/tables/moe_dialects.cpp grouped"}},
    {"a reader hands on the node, its spot and its bounds",
     {"scenarios/text/yaml_read.cpp is_within", "scenarios/text/yaml_read.cpp read_kind",
      "scenarios/text/yaml_read.cpp read_word", "scenarios/text/yaml_read.cpp refuse"}},
    {"how a unit of money is written", {"sim/values/quantity_text.cpp money"}},
    {"a search: wiring, network, ends, what is dead",
     {"topology/routing/ways.cpp Search", "topology/routing/ways.cpp shortest_ways"}},
};

const std::vector<Function>& functions() {
  static const std::vector<Function> all = [] {
    std::vector<Function> found;
    for (const std::string_view floor : floors)
      for (const File& file : files_below(floor, {".cpp", ".hpp", ".cu", ".cuh"}))
        for (Function& function : functions_of(file)) found.push_back(std::move(function));
    return found;
  }();
  return all;
}

/// Those whose `size` is above `most`, and no others, have a reason.
void expect_reasons(std::size_t Function::*size, std::size_t most, const Reasons& reasons) {
  std::map<std::string, std::size_t> largest;
  std::set<std::string> excused;
  for (const auto& [reason, names] : reasons) excused.insert(names.begin(), names.end());
  for (const Function& function : functions()) {
    const std::string name = function.path + " " + function.name;
    largest[name] = std::max(largest[name], function.*size);
    EXPECT_TRUE(function.*size <= most || excused.contains(name))
        << function.path << ":" << function.line << ": " << function.name << " has " << function.*size;
  }
  for (const std::string& name : excused)
    EXPECT_GT(largest[name], most) << name << " needs no reason any more: take it off the list";
}

TEST(Functions, AreShortOrHaveAReason) { expect_reasons(&Function::lines, many_lines, reasons_to_be_long); }

TEST(Functions, TakeFewThingsOrHaveAReason) {
  expect_reasons(&Function::parameters, many_parameters, reasons_to_take_many);
}

TEST(Functions, AreFound) { EXPECT_GT(functions().size(), 2500U); }

/// `name lines parameters`, of each function in these lines.
std::vector<std::string> found_in(std::vector<std::string> lines) {
  std::vector<std::string> found;
  for (const Function& f : functions_of({"a.cpp", std::move(lines)}))
    found.push_back(f.name + " " + std::to_string(f.lines) + " " + std::to_string(f.parameters));
  return found;
}

using Found = std::vector<std::string>;

TEST(FunctionsOf, SeesThemInNamespacesAndClasses) {
  EXPECT_EQ(found_in({"namespace a {", "int f() { return 1; }", "class B : public C {",
                      " public:", "  int g(int x,", "        int y) const {", "    return x;", "  }",
                      "  int h() const;", "};", "}"}),
            (Found{"f 1 0", "g 4 2"}));
}

TEST(FunctionsOf, CountsParametersAndNotTheCommasWithinThem) {
  EXPECT_EQ(
      found_in({"template <class A, class B>",
                "void f(std::map<A, B> a, const std::function<void(A, B)>& b = {1, 2}, int c = g(1, 2)) {}"}),
      (Found{"f 2 3"}));
}

TEST(FunctionsOf, TakesNoMembersInitialiserForABody) {
  EXPECT_EQ(found_in({"struct A {", "  explicit A(int x) : x_{x}, y_(x), z_{x} {", "    run();", "  }",
                      "  int x_{1};", "};", "A::A(int x, int y) noexcept : B<int>{x}, y_{y} {}"}),
            (Found{"A 3 1", "A::A 1 2"}));
}

TEST(FunctionsOf, TakesNoValueForAFunction) {
  EXPECT_EQ(found_in({"const std::map<int, int> all{{1, 2}};", "int x = f({1, 2});",
                      "auto g = [](int a) { return a; };", "enum class Word { a, b };"}),
            Found{});
}

TEST(FunctionsOf, SeesOperatorsAndIsNotConfusedByText) {
  EXPECT_EQ(found_in({"#define M(x) \\", "  {", "bool operator()(int a, int b) const { return a < b; }",
                      "A& operator=(const A& a) { return *this; }",
                      "std::string f() { return \"}\" R\"(})\" + std::string{'}', '\\''}; }  // }"}),
            (Found{"operator() 1 2", "operator= 1 1", "f 1 0"}));
}

}  // namespace
}  // namespace superpod::house
