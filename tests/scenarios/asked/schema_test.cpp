#include "scenarios/asked/schema.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "scenarios/sweep/sweep.hpp"

namespace superpod::scenarios {
namespace {

const std::string root = SUPERPOD_ROOT;

TEST(Schema, InTheRepositoryIsUpToDate) {
  std::ifstream file{root + "/scenarios/schema.json"};
  std::stringstream committed;
  committed << file.rdbuf();
  EXPECT_TRUE(committed.str() == json_schema())
      << "write it anew with `superpod schema > scenarios/schema.json`";
}

TEST(Schema, OfSweepsInTheRepositoryIsUpToDate) {
  std::ifstream file{root + "/scenarios/sweeps/schema.json"};
  std::stringstream committed;
  committed << file.rdbuf();
  EXPECT_TRUE(committed.str() == sweep_schema())
      << "write it anew with `superpod schema sweep > scenarios/sweeps/schema.json`";
}

TEST(Schema, NamesEveryKindOfNetworkAndWorkload) {
  const std::string schema = json_schema();
  for (const char* kind : {"full_mesh", "torus", "clos", "switched_mesh", "dragonfly", "collective"})
    EXPECT_NE(schema.find("\"const\": \"" + std::string{kind} + "\""), std::string::npos) << kind;
}

/// What a JSON Schema validator of our own choice, not ours, says about scenarios that are right and wrong.
TEST(Schema, AcceptsTheRightScenariosAndRefusesTheWrongOnes) {
  if (std::system("/usr/bin/python3 -c 'import jsonschema, yaml'") != 0)
    GTEST_SKIP() << "needs python3-jsonschema, -yaml";
  EXPECT_EQ(std::system(("/usr/bin/python3 " + root + "/tests/scenarios/schema_check.py " + root).c_str()),
            0);
}

}  // namespace
}  // namespace superpod::scenarios
