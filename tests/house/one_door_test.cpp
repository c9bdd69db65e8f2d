// Each library from outside, each privilege and what differs between machines has one door.

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

#include "tests/house/tree.hpp"

namespace superpod::house {
namespace {

struct Door {
  std::string what;
  std::regex header;  ///< what stands between the angle brackets
  std::regex door;    ///< the files that may include it
};

const std::vector<Door>& doors() {
  static const std::vector<Door> all{
      {"random numbers", std::regex{"random"}, std::regex{"models/random/random[.]hpp"}},
      {"the standard library", std::regex{"[a-z0-9_]+"}, std::regex{".*"}},
      {"SimGrid", std::regex{"(simgrid|xbt)/.*"}, std::regex{"sim/engine/simgrid_module[.]cpp"}},
      {"Boost.Graph", std::regex{"boost/.*"}, std::regex{"topology/.*"}},
      {"Ceres", std::regex{"ceres/.*"}, std::regex{"models/calibration/least_squares_module[.]cpp"}},
      {"Highway", std::regex{"hwy/.*"}, std::regex{"models/kernels/cpu/.*"}},
      {"the instructions of x86", std::regex{"(immintrin|cpuid)[.]h"}, std::regex{"models/kernels/cpu/.*"}},
      {"HDF5", std::regex{"hdf5(_hl)?[.]h"}, std::regex{"analysis/results_file.*"}},
      {"nlohmann-json", std::regex{"nlohmann/.*"}, std::regex{"analysis/json[.]cpp"}},
      {"yaml-cpp", std::regex{"yaml-cpp/.*"}, std::regex{"scenarios/text/yaml[.]cpp"}},
      {"CLI11", std::regex{"CLI/.*"}, std::regex{"scenarios/cli/main[.]cpp"}},
      {"CUDA", std::regex{"(cuda|cublas)\\w*[.]h"}, std::regex{"models/kernels/cuda/.*"}},
      {"MPI", std::regex{"mpi[.]h"}, std::regex{"scenarios/sweep/carrier[.]cpp"}},
      {"the loader of modules", std::regex{"dlfcn[.]h"}, std::regex{"sim/modules/module[.]cpp"}},
      {"the operating system", std::regex{"(sys/.*|fcntl|poll|sched|unistd)[.]h|sys/.*"},
       std::regex{"analysis/whole_file[.]cpp|scenarios/cli/verbs(_\\w+)?[.]cpp|"
                  "scenarios/run/memory_limit[.]cpp|"
                  "models/kernels/cpu/multiplier[.]cpp|"
                  "scenarios/sweep/(journal|process|ranks|workers)[.]cpp|scenarios/sweep/process[.]hpp"}},
  };
  return all;
}

TEST(OneDoor, EachLibraryIsIncludedBehindItsDoorOnly) {
  static const std::regex include{R"(^\s*#include <([^>]+)>.*)"};
  for (const File& file : program())
    for (const std::string& line : file.lines)
      if (std::smatch match; std::regex_match(line, match, include)) {
        const std::string header = match.str(1);
        const auto door =
            std::ranges::find_if(doors(), [&](const Door& d) { return std::regex_match(header, d.header); });
        ASSERT_NE(door, doors().end()) << file.path << " includes <" << header << ">, which has no door yet";
        EXPECT_TRUE(std::regex_match(file.path, door->door))
            << file.path << " includes <" << header << "> of " << door->what;
      }
}

TEST(OneDoor, OnlyTheCommandLinePrintsAndExits) {
  static const std::regex privilege{
      R"(std::(cout|cerr|clog|quick_exit|abort)|\b(f?printf|f?puts|putchar|exit)\s*\()"};
  for (const File& file : program()) {
    if (std::regex_match(file.path, std::regex{"scenarios/cli/(main|verbs(_\\w+)?)[.]cpp"})) continue;
    EXPECT_EQ(matches(file, privilege), "");
  }
}

}  // namespace
}  // namespace superpod::house
