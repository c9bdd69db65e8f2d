#include "scenarios/run/verify.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scenarios/run/closed_form.hpp"
#include "tests/scenarios/command_line.hpp"

namespace superpod::scenarios {
namespace {

ScenarioFile scenario_with(const std::string& network, const std::string& workload) {
  const std::string text =
      "name: small\nsystem:\n  name: small\n  chip: h100_sxm\n  levels: [{name: npu, count: 16}]\n"
      "  networks: [{name: net, levels: [npu], bandwidth: 50 GB/s, latency: 300 ns, efficiency: 0.8, " +
      network + "}]\n  endpoint_latency: 1 us\nworkload: {kind: collective, size: 64 MB, " + workload + "}\n";
  Mistakes mistakes;
  const auto source = std::make_shared<const Source>(Source{"small.yaml", text});
  auto file = read_scenario(source, Library::standard(), {}, mistakes);
  require_none(mistakes);
  return *file;
}

TEST(Verify, FoldedFullBothClocksAndTheClosedFormAgree) {
  for (const char* network : {"kind: clos", "kind: full_mesh", "kind: torus"})
    for (const char* workload :
         {"operation: all_reduce, algorithm: ring", "operation: all_reduce, algorithm: halving_doubling",
          "operation: reduce_scatter, algorithm: ring", "operation: all_gather, algorithm: ring",
          "operation: all_to_all, algorithm: direct"}) {
      SCOPED_TRACE(std::string{network} + ", " + workload);
      const Verification found = verify(scenario_with(network, workload));
      // A ring's all-to-all has a form only where hops take no time.
      const bool has_form = std::string{network} != "kind: torus" ||
                            std::string{workload}.find("all_to_all") == std::string::npos;
      EXPECT_EQ(found.ways.size(), has_form ? 5U : 4U);
      EXPECT_TRUE(found.agrees()) << found.text();
    }
}

TEST(Verify, ATrainingStepAgreesWithoutAForm) {
  const ScenarioFile file =
      read_scenario(SUPERPOD_ROOT "/scenarios/llama3_70b_pretraining_on_h20.yaml", Library::standard());
  const Verification found = verify(file);
  EXPECT_EQ(found.ways.size(), 4U);
  EXPECT_TRUE(found.agrees()) << found.text();
}

TEST(Verify, SaysWhichWayDiffers) {
  const Verification found{{{"folded", Seconds{1}, 0, {}}, {"every rank", Seconds{1}, 2e-9, "folded"}}};
  EXPECT_FALSE(found.agrees());
  EXPECT_NE(found.text().find("2e-09"), std::string::npos);
  EXPECT_NE(found.text().find("do not agree"), std::string::npos);
}

TEST(Verify, TheFormIsOfWholeNetworksAndEqualPartsOnly) {
  const auto form_of = [](const std::string& workload) {
    const ScenarioFile file = scenario_with("kind: clos", workload);
    return closed_form(std::get<models::CollectiveWorkload>(file.scenario.workload), file.scenario);
  };
  EXPECT_TRUE(form_of("operation: all_reduce, algorithm: ring"));
  EXPECT_FALSE(form_of("operation: broadcast"));
  EXPECT_FALSE(form_of("operation: all_reduce, algorithm: ring, chunks: 2"));
  EXPECT_FALSE(form_of("operation: all_to_all, algorithm: direct, load_exponent: 1"));
}

class VerifyCommand : public CommandLine {};

TEST_F(VerifyCommand, PrintsATableAndRefusesWhatItCannotGive) {
  const Called called = superpod("run " + scenario("all_to_all_on_two_unequal_pods") + " --verify --quiet");
  EXPECT_EQ(called.exit_code, 0) << called.err;
  EXPECT_NE(called.out.find("every rank, bare loop"), std::string::npos);
  EXPECT_NE(called.out.find("All agree to 1e-09"), std::string::npos);
  EXPECT_EQ(superpod("run " + scenario("all_to_all_on_two_unequal_pods") + " --verify --json").exit_code, 2);
  const Called large =
      superpod("run " + scenario("deepseek_v3_pretraining_on_atlas_960_supercluster") + " --verify");
  EXPECT_EQ(large.exit_code, 1);
  EXPECT_NE(large.err.find("more memory than there is"), std::string::npos);
}

}  // namespace
}  // namespace superpod::scenarios
