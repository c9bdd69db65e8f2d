// Scenarios and plans of extreme values, from the field: each is answered, or a mistake at its place, by the
// program under a limit of memory and of time. `check` and what runs say the same.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/scenarios/command_line.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path{SUPERPOD_ROOT} / "tests" / "scenarios" / "limits";

/// What is wrong with a file, in the words of the program; nothing where it has an answer.
const std::map<std::string, std::string> expected{
    {"batch_at_its_bound", "262144 microbatches on each of 16 pipeline ranks are too many"},
    {"batch_1f1b", "batch must be at least 1 and at most 16777216"},
    {"check_oom_batch_interleaved", "batch must be at least 1 and at most 16777216"},
    {"check_oom_experts", "routed_experts must be at least 1 and at most 2048"},
    {"check_oom_layers", "layers must be at least 1 and at most 1024"},
    {"check_oom_virtual_stages", "virtual_stages must be at least 1 and at most 1024"},
    {"check_segv_moe_groups", "groups must be at least 1 and at most 32"},
    {"check_slow_layers_65536", "layers must be at least 1 and at most 1024"},
    {"checkpoint_1e100", "checkpoint must be at least 0 s and at most"},
    {"experts_1e5", "routed_experts must be at least 1 and at most 2048"},
    {"groups_7_of_64", "64 experts do not form 7 equal groups"},
    {"host_mtbf_64us", "each host fails so often that it is away for more than half of its time"},
    {"interval_1e300", "checkpoint_interval must be at least"},
    {"levels_2e9_clos", "count must be at least 1 and at most 1048576"},
    {"levels_2e9_full_mesh", "count must be at least 1 and at most 1048576"},
    {"levels_2e9_torus", "count must be at least 1 and at most 1048576"},
    {"levels_4096_clos", ""},
    {"levels_4096_full_mesh", ""},
    {"levels_4096_torus", ""},
    {"levels_4e6_clos", "count must be at least 1 and at most 1048576"},
    {"levels_4e6_full_mesh", "count must be at least 1 and at most 1048576"},
    {"levels_65536_clos_a2a", ""},
    {"levels_65536_full_mesh_a2a", ""},
    {"levels_65536_torus_a2a", "a ring of 65536 is larger than 4096"},
    {"mtbf_10min_rec_5min", "the training never gets on"},
    {"negative_goodput", "the training never gets on"},
    {"nul_in_name", "a character in here cannot be printed"},
    {"plan_mfu_precision", "has no peak in this precision"},
    {"plan_uncertainty_input", "'server' is no input that may be off"},
    {"recovery_1e9", "the training never gets on"},
    {"run_exit3_small_bandwidth", "bandwidth must be at least 1 B/s"},
    {"top_k_4e6", "top_k must be at least 1 and at most 64"},
    {"top_k_65", "top_k must be at least 1 and at most 64"},
    {"uncertainty_1e300", "assumed must be at least 0 and at most 10"},
};

class Limits : public CommandLine {
 protected:
  /// The program in a child with a limit of memory and of time.
  [[nodiscard]] Called limited(const std::string& verb, const fs::path& file) const {
    constexpr rlim_t memory = 4'000'000'000,
                     seconds = 60;  // libraries are mapped, and not used, into half of it
    const std::string limits =
        "ulimit -v " + std::to_string(memory / 1024) + " -t " + std::to_string(seconds);
    const std::string command = "bash -c '" + limits + "; exec " + SUPERPOD_PROGRAM + " " + verb + " " +
                                file.string() + "' >" + path("out") + " 2>" + path("err") + " </dev/null";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content(path("out")), content(path("err"))};
  }
};

TEST_F(Limits, EveryFileIsExpected) {
  for (const auto& item : fs::directory_iterator{folder})
    EXPECT_TRUE(expected.contains(item.path().stem().string())) << item.path();
}

TEST_F(Limits, ExtremeInputsAreMistakesAtTheirPlaceOrAnswered) {
  for (const auto& [name, mistake] : expected) {
    SCOPED_TRACE(name);
    const fs::path file = folder / (name + ".yaml");
    const Called checked = limited("check", file);
    EXPECT_EQ(checked.exit_code, mistake.empty() ? 0 : 2) << checked.err;
    EXPECT_NE(checked.err.find(mistake), std::string::npos) << checked.err;
    if (!mistake.empty()) {
      EXPECT_NE(checked.err.find("help:"), std::string::npos) << checked.err;
    }
    const Called run = limited(name.starts_with("plan_") ? "plan" : "run --quiet", file);
    EXPECT_EQ(run.exit_code, checked.exit_code) << run.err;
    EXPECT_NE(run.err.find(mistake), std::string::npos) << run.err;
  }
}

}  // namespace
}  // namespace superpod::scenarios
