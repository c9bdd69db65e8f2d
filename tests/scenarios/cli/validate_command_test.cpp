// `superpod validate` as a user calls it.

#include <nlohmann/json.hpp>

#include "tests/scenarios/command_line.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

constexpr const char* table =
    "system,framework,dtype,m,n,k,latency_us,tflops_derived\n"
    "h200_sxm,lib,bfloat16,4096,4096,4096,200,1\n"
    "no_such_chip,lib,bfloat16,1,256,256,5,1\n";

TEST_F(CommandLine, ValidateSaysHowFarPredictionsAreOff) {
  std::ofstream{path("t.csv")} << table;
  const Called called = superpod("validate --table " + path("t.csv"));
  EXPECT_EQ(called.exit_code, 0) << called.err;
  EXPECT_NE(called.out.find("1 of 2 rows predicted"), std::string::npos) << called.out;
  EXPECT_NE(called.out.find("no_such_chip"), std::string::npos) << called.out;
  EXPECT_EQ(called.err, "");
}

TEST_F(CommandLine, ValidateAnswersInJson) {
  std::ofstream{path("t.csv")} << table;
  const Called called = superpod("validate --json --quiet --table " + path("t.csv"));
  EXPECT_EQ(called.exit_code, 0);
  EXPECT_EQ(called.err, "");
  const auto object = nlohmann::json::parse(called.out);
  for (const char* key : {"table", "rows", "unread", "groups"}) EXPECT_TRUE(object.contains(key)) << key;
}

TEST_F(CommandLine, ValidateWritesTableAndPage) {
  std::ofstream{path("t.csv")} << table;
  const Called called =
      superpod("validate --table " + path("t.csv") + " -o " + path("o.csv") + " --report " + path("o.html"));
  EXPECT_EQ(called.exit_code, 0) << called.err;
  EXPECT_NE(content(path("o.csv")).find("predicted_low_us"), std::string::npos);
  EXPECT_NE(content(path("o.html")).find("h200_sxm"), std::string::npos);
  EXPECT_NE(called.err.find("o.csv"), std::string::npos);
}

TEST_F(CommandLine, ValidateMayReplaceItsOwnTable) {
  std::ofstream{path("t.csv")} << table;
  const std::string arguments = "validate --quiet --table " + path("t.csv") + " -o " + path("t.csv");
  EXPECT_EQ(superpod(arguments).exit_code, 0);
  const std::string once = content(path("t.csv"));
  EXPECT_EQ(superpod(arguments).exit_code, 0);
  EXPECT_EQ(content(path("t.csv")), once);
}

TEST_F(CommandLine, ValidateRefusesWhatIsNoTable) {
  std::ofstream{path("t.csv")}
      << "system,framework,dtype,m,n,k,latency_us\nh200_sxm,lib,bfloat16,many,1,1,5\n";
  std::ofstream{path("o.csv")} << "old";
  const Called wrong = superpod("validate --table " + path("t.csv") + " -o " + path("o.csv"));
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_NE(wrong.err.find("t.csv:2:"), std::string::npos) << wrong.err;
  EXPECT_EQ(content(path("o.csv")), "old");
  EXPECT_EQ(superpod("validate").exit_code, 2);
}

TEST_F(CommandLine, ValidateNeedsItsTableAndAPlaceForItsOwn) {
  EXPECT_EQ(superpod("validate --table " + path("none.csv")).exit_code, 1);
  std::ofstream{path("t.csv")} << table;
  const Called nowhere = superpod("validate --table " + path("t.csv") + " -o " + path("no/o.csv"));
  EXPECT_EQ(nowhere.exit_code, 1);
  EXPECT_FALSE(fs::exists(path("no")));
}

}  // namespace
}  // namespace superpod::scenarios
