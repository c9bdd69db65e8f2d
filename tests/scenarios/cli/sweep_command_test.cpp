// Sweeps as users run them: on processes, on ranks, killed, and without room on the disk.
#include <nlohmann/json.hpp>

#include "tests/scenarios/command_line.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

const std::string sweep_file = SUPERPOD_ROOT "/tests/scenarios/sweeps/collectives.yaml";

class SweepCommand : public CommandLine {
 protected:
  [[nodiscard]] Called sweep(const std::string& output, const std::string& more = {}) const {
    return superpod("sweep " + sweep_file + " -o " + path(output) + " " + more);
  }
  [[nodiscard]] int shell(const std::string& command) const {
    const int status =
        std::system((command + " >" + path("out") + " 2>" + path("err") + " </dev/null").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  [[nodiscard]] std::string said() const { return content(path("out")) + content(path("err")); }
  [[nodiscard]] static bool has(const std::string& command) {
    return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
  }
};

const std::string ranks = "mpirun --allow-run-as-root --oversubscribe --bind-to none -n ";

TEST_F(SweepCommand, MistakenPointsAreResultsAndTheOthersAreThoseOfRun) {
  const Called called = sweep("a.h5", "--json --quiet");
  EXPECT_EQ(called.exit_code, 0) << called.err;
  EXPECT_EQ(called.err, "");
  const auto result = nlohmann::json::parse(called.out);
  EXPECT_EQ(result.at("kind"), "sweep");
  EXPECT_EQ(result.at("complete"), 1);
  EXPECT_EQ(result.at("points"), 120);
  EXPECT_EQ(result.at("points_failed"), 0);
  EXPECT_EQ(result.at("points_ok").get<int>() + result.at("points_mistake").get<int>(), 120);
  EXPECT_GT(result.at("points_mistake"), 0);
  EXPECT_FALSE(fs::exists(path("a.h5.journal")));
  if (!has("/usr/bin/python3 -c 'import h5py, xarray, h5netcdf'")) GTEST_SKIP() << "needs python3-h5netcdf";
  EXPECT_EQ(shell("/usr/bin/python3 " SUPERPOD_ROOT "/tests/scenarios/read_sweep.py " + path("a.h5") + " " +
                  SUPERPOD_PROGRAM),
            0)
      << said();
}

TEST_F(SweepCommand, ProcessesOfOneMachineGiveTheSameBytes) {
  for (const char* jobs : {"1", "2", "5"}) {
    const Called called = sweep(jobs, "--quiet --jobs " + std::string{jobs});
    EXPECT_EQ(called.exit_code, 0) << called.err;
    EXPECT_EQ(content(path(jobs)), content(path("1"))) << jobs;
  }
}

TEST_F(SweepCommand, RanksGiveTheSameBytes) {
  if (!has("mpirun --version")) GTEST_SKIP() << "needs openmpi-bin";
  EXPECT_EQ(sweep("0", "--quiet").exit_code, 0);
  for (const char* count : {"1", "2", "4", "8"}) {
    EXPECT_EQ(shell(ranks + count + " " SUPERPOD_PROGRAM " sweep " + sweep_file + " -o " + path(count)), 0)
        << said();
    EXPECT_EQ(content(path(count)), content(path("0"))) << count;
  }
}

TEST_F(SweepCommand, RanksSayOnceWhatIsWrong) {
  if (!has("mpirun --version")) GTEST_SKIP() << "needs openmpi-bin";
  std::ofstream{path("wrong.yaml")} << "name: wrong\nscenario: " + sweep_file + "\naxes: {seed: []}\n";
  EXPECT_EQ(shell(ranks + "3 " SUPERPOD_PROGRAM " sweep " + path("wrong.yaml") + " -o " + path("a.h5")), 2);
  const std::string all = said(), once = "'seed' has no values";
  ASSERT_NE(all.find(once), std::string::npos) << all;
  EXPECT_EQ(all.find(once), all.rfind(once)) << all;
}

TEST_F(SweepCommand, KilledAtRandomNothingIsLost) {
  if (!has("/usr/bin/python3 -c 'import h5py'")) GTEST_SKIP() << "needs python3-h5py";
  const std::string kills = "/usr/bin/python3 " SUPERPOD_ROOT
                            "/tests/scenarios/kill_sweep.py --program " SUPERPOD_PROGRAM " --sweep " +
                            sweep_file;
  EXPECT_EQ(shell(kills + " --jobs 3 --kills 4"), 0) << said();
  if (!has("mpirun --version")) GTEST_SKIP() << "needs openmpi-bin";
  EXPECT_EQ(shell(kills + " --ranks 3 --kills 2"), 0) << said();
}

TEST_F(SweepCommand, WithoutRoomNothingIsLost) {
  EXPECT_EQ(sweep("whole", "--quiet").exit_code, 0);
  const std::string command =
      " " SUPERPOD_PROGRAM " sweep " + sweep_file + " -o " + path("a.h5") + " --quiet ";
  // Blocks of 512 bytes: room for some outcomes, none for the results of all points.
  EXPECT_EQ(shell("ulimit -f 16;" + command), 1);
  EXPECT_NE(said().find("a.h5"), std::string::npos) << said();
  EXPECT_NE(said().find("File too large"), std::string::npos) << said();
  const auto kept = fs::file_size(path("a.h5.journal"));
  EXPECT_EQ(shell("ulimit -f 24;" + command + "--resume"), 1);
  EXPECT_GE(fs::file_size(path("a.h5.journal")), kept);
  EXPECT_EQ(sweep("a.h5", "--quiet --resume").exit_code, 0);
  EXPECT_EQ(content(path("a.h5")), content(path("whole")));
}

TEST_F(SweepCommand, ResultsAreNotWrittenOver) {
  EXPECT_EQ(sweep("a.h5", "--quiet").exit_code, 0);
  const std::string before = content(path("a.h5"));
  const Called again = sweep("a.h5");
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_NE(again.err.find("--resume"), std::string::npos) << again.err;
  EXPECT_EQ(sweep("a.h5", "--resume").exit_code, 0) << "complete: nothing to do";
  EXPECT_EQ(sweep("a.h5", "--resume --engine full").exit_code, 2) << "another sweep";
  EXPECT_EQ(content(path("a.h5")), before);

  std::ofstream{path("b.h5")} << "no results";
  EXPECT_EQ(sweep("b.h5").exit_code, 2);
  EXPECT_EQ(sweep("b.h5", "--resume").exit_code, 1);
  EXPECT_EQ(content(path("b.h5")), "no results");
}

TEST_F(SweepCommand, CheckFindsWhatSweepRefuses) {
  EXPECT_EQ(superpod("check " + sweep_file + " " SUPERPOD_ROOT "/scenarios/sweeps/*.yaml").exit_code, 0);
  std::ofstream{path("wrong.yaml")}
      << "name: wrong\nscenario: {name: c, system: cloudmatrix384, workload: {kind: "
         "collective, operation: all_reduce, size: 1 GiB}}\n"
         "axes: {workload.sise: [1 MiB]}\n";
  const Called check = superpod("check " + path("wrong.yaml"));
  EXPECT_EQ(check.exit_code, 2);
  const Called run = superpod("sweep " + path("wrong.yaml") + " -o " + path("a.h5"));
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err, check.err);
  EXPECT_FALSE(fs::exists(path("a.h5.journal")));
}

}  // namespace
}  // namespace superpod::scenarios
