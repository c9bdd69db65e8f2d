#include "sim/modules/module.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

namespace superpod {
namespace {

using testing::HasSubstr;

std::string refusal(const Module& module) {
  try {
    symbol_of(module, "superpod_drive_by_simgrid");
  } catch (const std::runtime_error& why) {
    return why.what();
  }
  return {};
}

/// Ends the process, with what is said of a module that is loaded in 1 MB on its standard error.
void load_in_little_memory() {
  rlim_t pages = 0;
  std::ifstream{"/proc/self/statm"} >> pages;
  const rlim_t room = pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + (1 << 20);
  const rlimit little{room, room};
  setrlimit(RLIMIT_AS, &little);
  std::cerr << refusal({SUPERPOD_SIMGRID_MODULE, "libsuperpod_simgrid.so"});
  std::_Exit(1);
}

TEST(ModuleDeathTest, ThatFindsNoMemorySaysSo) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";  // in a process that has not loaded it yet
  EXPECT_EXIT(load_in_little_memory(), testing::ExitedWithCode(1),
              "too little memory to load a part of superpod: ");
}

TEST(Module, ThatIsNowhereIsNamed) {
  EXPECT_THAT(refusal({"/nowhere/libnowhere.so", "libnowhere.so"}),
              HasSubstr("cannot load a part of superpod: libnowhere.so: cannot open shared object file"));
}

TEST(Module, ThatIsNoLongerWhereItWasBuiltIsFoundByItsName) {
  EXPECT_NE(symbol_of({"/nowhere/libm.so.6", "libm.so.6"}, "cos"), nullptr);
}

TEST(Module, WithoutTheSymbolIsAnothers) {
  EXPECT_THAT(refusal({"libm.so.6", "libm.so.6"}), HasSubstr("a part of superpod is another's"));
}

}  // namespace
}  // namespace superpod
