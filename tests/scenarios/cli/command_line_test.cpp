// The program as a user calls it: exit codes, what goes to which stream, and files that appear whole or not
// at all.
#include "tests/scenarios/command_line.hpp"

#include <nlohmann/json.hpp>

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

const std::string root = SUPERPOD_ROOT;

TEST_F(CommandLine, RunWritesWhatItIsAskedFor) {
  const Called called = superpod("run " + scenario("all_to_all_on_cloudmatrix384") + " -o " + path("a.h5") +
                                 " --report " + path("a.html") + " --trace " + path("a.json"));
  EXPECT_EQ(called.exit_code, 0) << called.err;
  EXPECT_NE(called.out.find("bus bandwidth"), std::string::npos);
  for (const char* name : {"a.h5", "a.html", "a.json"}) EXPECT_GT(fs::file_size(path(name)), 1000U) << name;
  EXPECT_FALSE(nlohmann::json::parse(content(path("a.json"))).at("traceEvents").empty());
  EXPECT_EQ(superpod("report " + path("a.h5") + " -o " + path("b.html")).exit_code, 0);
  EXPECT_EQ(content(path("a.html")), content(path("b.html")));
}

TEST_F(CommandLine, JsonHasTheContractsKeys) {
  const auto keys = [&](const std::string& name, const std::vector<std::string>& expected) {
    const Called called = superpod("run " + scenario(name) + " --json --quiet");
    EXPECT_EQ(called.err, "");
    const auto result = nlohmann::json::parse(called.out);
    for (const std::string& key : expected) EXPECT_TRUE(result.contains(key)) << key;
    for (const char* part : {"ranks", "links", "flows"})
      EXPECT_TRUE(result.at("classes").contains(part)) << part;
  };
  keys("all_reduce_on_gb200_nvl72", {"scenario", "kind", "npus", "engine", "classes", "events", "wall_s",
                                     "peak_rss_bytes", "time_s", "algorithm_bandwidth", "bus_bandwidth"});
  keys("deepseek_v3_pretraining_on_atlas_950",
       {"scenario", "kind", "npus", "engine", "events", "wall_s", "peak_rss_bytes", "step_time_s",
        "tokens_per_s", "tokens_per_s_per_npu", "mfu", "breakdown_s", "phases_s", "memory_bytes"});
}

TEST_F(CommandLine, LoadsNoLibraryBeforeItIsAskedFor) {
  const Called called = superpod("--version && LD_TRACE_LOADED_OBJECTS=1 " SUPERPOD_PROGRAM);
  EXPECT_NE(called.out.find("libyaml-cpp"), std::string::npos) << called.out;
  for (const char* library : {"libhwy", "libsimgrid", "libhdf5", "libceres", "libcublas"})
    EXPECT_EQ(called.out.find(library), std::string::npos) << library;
}

TEST_F(CommandLine, WrongInputIsTwo) {
  const Called wrong = superpod("check " + root + "/tests/scenarios/wrong/misspelt_key.yaml");
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_NE(wrong.err.find("misspelt_key.yaml:"), std::string::npos);
  EXPECT_NE(wrong.err.find("help:"), std::string::npos);
  EXPECT_EQ(wrong.out, "");
  EXPECT_EQ(superpod("run " + scenario("all_to_all_on_cloudmatrix384") + " --set workload.sise=1").exit_code,
            2);
  EXPECT_EQ(superpod("run " + scenario("all_to_all_on_cloudmatrix384") + " --engine quick").exit_code, 2);
  EXPECT_EQ(superpod("simulate").exit_code, 2);
  EXPECT_EQ(superpod("").exit_code, 2);
  EXPECT_EQ(superpod("show ascend_95odt").exit_code, 2);
  EXPECT_EQ(superpod("fabric atlas_950_superpod --dot " + path("f.dot")).exit_code, 2);
  EXPECT_FALSE(fs::exists(path("f.dot")));
}

TEST_F(CommandLine, FailingWorldIsOne) {
  EXPECT_EQ(superpod("run " + path("there_is_none.yaml")).exit_code, 1);
  EXPECT_EQ(
      superpod("report " + scenario("all_to_all_on_cloudmatrix384") + " -o " + path("a.html")).exit_code, 1);
  const Called nowhere =
      superpod("run " + scenario("all_to_all_on_cloudmatrix384") + " -o " + path("no/such/folder/a.h5"));
  EXPECT_EQ(nowhere.exit_code, 1);
  EXPECT_NE(nowhere.err.find("a.h5"), std::string::npos);
  EXPECT_EQ(superpod("run " + scenario("all_to_all_on_cloudmatrix384") + " --report /dev/full").exit_code, 1);
}

TEST_F(CommandLine, FailedWriteKeepsTheOldFile) {
  std::ofstream{path("a.h5")} << "old";
  EXPECT_EQ(superpod("run " + scenario("all_to_all_on_cloudmatrix384") + " -o " + path("a.h5") +
                     " --set workload.size=0B")
                .exit_code,
            2);
  EXPECT_EQ(content(path("a.h5")), "old");
}

TEST_F(CommandLine, AllScenariosAreWithoutMistakes) {
  const Called called = superpod("check " + root + "/scenarios/*.yaml " + root + "/scenarios/peers/*.yaml");
  EXPECT_EQ(called.exit_code, 0) << called.err;
}

TEST_F(CommandLine, EveryVerbHelpsWithAnExample) {
  for (const char* verb :
       {"run", "check", "explain", "list", "show", "fabric", "report", "validate", "schema"}) {
    const Called called = superpod(std::string{verb} + " --help");
    EXPECT_EQ(called.exit_code, 0);
    EXPECT_NE(called.out.find("Example: superpod " + std::string{verb}), std::string::npos) << verb;
  }
}

TEST_F(CommandLine, CatalogueIsPrinted) {
  EXPECT_NE(superpod("list chips").out.find("ascend_950dt"), std::string::npos);
  EXPECT_NE(superpod("list topologies").out.find("dragonfly"), std::string::npos);
  EXPECT_NE(superpod("list collectives").out.find("all_to_all"), std::string::npos);
  EXPECT_NE(superpod("list scenarios").out.find("deepseek_v3_pretraining_on_atlas_950.yaml"),
            std::string::npos);
  EXPECT_NE(superpod("show ascend_950dt").out.find("memory_bandwidth"), std::string::npos);
  const Called called = superpod("explain " + scenario("deepseek_v3_pretraining_on_atlas_950"));
  EXPECT_NE(called.out.find("system.chip.memory_bandwidth"), std::string::npos);
  EXPECT_NE(superpod("fabric ubmesh_pod --svg " + path("f.svg")).out.find("bisection"), std::string::npos);
  EXPECT_NE(content(path("f.svg")).find("<svg"), std::string::npos);
}

TEST_F(CommandLine, BenchWritesATable) {
  const Called called = superpod("bench --quick --shapes 2 --threads 1 --name here -o " + path("t.csv"));
  EXPECT_EQ(called.exit_code, 0) << called.err;
  EXPECT_NE(called.out.find("rows on here"), std::string::npos) << called.out;
  EXPECT_NE(content(path("t.csv")).find("# machine: "), std::string::npos);
  EXPECT_NE(called.err.find("t.csv"), std::string::npos);
}

TEST_F(CommandLine, BenchNeedsAFolderForItsTableBeforeItMeasures) {
  const Called called = superpod("bench -o " + path("none/t.csv"));
  EXPECT_EQ(called.exit_code, 1);
  EXPECT_NE(called.err.find("there is no folder"), std::string::npos) << called.err;
}

TEST_F(CommandLine, BenchKnowsItsDevices) {
  EXPECT_EQ(superpod("bench --device abacus -o " + path("t.csv")).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(path("t.csv")));
}

}  // namespace
}  // namespace superpod::scenarios
