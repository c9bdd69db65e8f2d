#include "scenarios/asked/schema.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "scenarios/planning/question.hpp"
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

/// Numbers anywhere in a schema that have no least or no largest value, by their place in it.
void find_endless(const nlohmann::json& part, const std::string& path, std::vector<std::string>& found) {
  if (!part.is_structured()) return;
  if (part.is_object() && part.contains("type") && (part["type"] == "integer" || part["type"] == "number"))
    if (!part.contains("maximum") || !(part.contains("minimum") || part.contains("exclusiveMinimum")))
      found.push_back(path);
  for (const auto& [key, value] : part.items()) find_endless(value, path + "/" + key, found);
}

TEST(Schema, EveryNumberHasALeastAndALargestValue) {
  for (const std::string& schema : {json_schema(), sweep_schema(), plan_schema()}) {
    std::vector<std::string> endless;
    const nlohmann::json whole = nlohmann::json::parse(schema);
    find_endless(whole, "", endless);
    for (const std::string& path : endless) ADD_FAILURE() << path;
    EXPECT_TRUE(whole.contains("definitions"));
  }
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
