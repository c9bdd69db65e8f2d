#include "analysis/results_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>

#include "tests/analysis/sample_result.hpp"
#include "tests/analysis/scratch.hpp"

namespace superpod::analysis {
namespace {

namespace fs = std::filesystem;

void expect_equal(const Result& a, const Result& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.system, b.system);
  EXPECT_EQ(a.engine, b.engine);
  EXPECT_EQ(a.version, b.version);
  EXPECT_EQ(a.scenario_text, b.scenario_text);
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.verdict, b.verdict);
  ASSERT_EQ(a.figures.size(), b.figures.size());
  for (std::size_t i = 0; i < a.figures.size(); ++i) {
    EXPECT_EQ(a.figures[i].key, b.figures[i].key);
    EXPECT_EQ(a.figures[i].value, b.figures[i].value);
    EXPECT_EQ(a.figures[i].unit, b.figures[i].unit);
    EXPECT_EQ(a.figures[i].meaning, b.figures[i].meaning);
    EXPECT_EQ(a.figures[i].interval, b.figures[i].interval);
  }
  ASSERT_EQ(a.tables.size(), b.tables.size());
  for (std::size_t i = 0; i < a.tables.size(); ++i) {
    EXPECT_EQ(a.tables[i].name, b.tables[i].name);
    EXPECT_EQ(a.tables[i].dimension, b.tables[i].dimension);
    EXPECT_EQ(a.tables[i].meaning, b.tables[i].meaning);
    EXPECT_EQ(a.tables[i].view, b.tables[i].view) << a.tables[i].name;
    ASSERT_EQ(a.tables[i].columns.size(), b.tables[i].columns.size()) << a.tables[i].name;
    for (std::size_t c = 0; c < a.tables[i].columns.size(); ++c) {
      const Column &one = a.tables[i].columns[c], &other = b.tables[i].columns[c];
      EXPECT_EQ(one.name, other.name);
      EXPECT_EQ(one.unit, other.unit);
      EXPECT_EQ(one.meaning, other.meaning);
      EXPECT_EQ(one.values, other.values) << a.tables[i].name << "." << one.name;
    }
  }
  ASSERT_EQ(a.arrays.size(), b.arrays.size());
  for (std::size_t i = 0; i < a.arrays.size(); ++i) {
    EXPECT_EQ(a.arrays[i].name, b.arrays[i].name);
    EXPECT_EQ(a.arrays[i].unit, b.arrays[i].unit);
    EXPECT_EQ(a.arrays[i].meaning, b.arrays[i].meaning);
    EXPECT_EQ(a.arrays[i].dimensions, b.arrays[i].dimensions);
    EXPECT_EQ(a.arrays[i].values, b.arrays[i].values);
  }
  ASSERT_EQ(a.provenance.size(), b.provenance.size());
  for (std::size_t i = 0; i < a.provenance.size(); ++i) {
    EXPECT_EQ(a.provenance[i].path, b.provenance[i].path);
    EXPECT_EQ(a.provenance[i].value, b.provenance[i].value);
    EXPECT_EQ(a.provenance[i].grade, b.provenance[i].grade);
    EXPECT_EQ(a.provenance[i].source, b.provenance[i].source);
    EXPECT_EQ(a.provenance[i].note, b.provenance[i].note);
  }
}

struct ResultsFile : testing::Test {
  Scratch scratch;
  fs::path path = scratch.folder / "out.h5";

  void expect_round_trip(const Result& result) {
    write(result, path);
    expect_equal(read(path), result);
  }
  [[nodiscard]] std::string reading_says() const {
    try {
      (void)read(path);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "";
  }
  void put(const std::string& bytes) const { std::ofstream{path, std::ios::binary} << bytes; }
};

TEST_F(ResultsFile, LosesNothing) { expect_round_trip(sample::result()); }

TEST_F(ResultsFile, OfNothingIsRead) { expect_round_trip({}); }

TEST_F(ResultsFile, KeepsTablesWithoutRowsAndWithoutColumns) {
  Result result;
  result.tables = {{"failures",
                    "failure",
                    "none happened",
                    {{"time", "s", "", sample::numbers()},
                     {"part", "", "", sample::strings({})},
                     {"count", "", "", sample::counts({})}}},
                   {"bare", "nothing", "", {}}};
  result.arrays = {{"lost", "s", "", {"failure", "nothing"}, {}}};
  expect_round_trip(result);
}

TEST_F(ResultsFile, KeepsNumbersThatAreNotFinite) {
  Result result;
  const double infinite = std::numeric_limits<double>::infinity();
  result.figures = {{"mtbf_s", infinite, "s", "no failure ever"}};
  result.tables = {
      {"t", "row", "", {{"x", "", "", sample::numbers(-infinite, -0.0, 5e-324, 1.7976931348623157e308)}}}};
  expect_round_trip(result);
}

TEST_F(ResultsFile, KeepsALongTableAndALargeArray) {  // several chunks of each
  Result result;
  std::vector<double> start(200'000), use(1000 * 300);
  std::vector<std::int64_t> bin(300);
  for (std::size_t i = 0; i < start.size(); ++i) start[i] = 0.1 * static_cast<double>(i);
  for (std::size_t i = 0; i < use.size(); ++i) use[i] = std::sin(static_cast<double>(i));
  for (std::size_t i = 0; i < bin.size(); ++i) bin[i] = static_cast<std::int64_t>(i);
  result.tables = {{"slots", "slot", "", {{"start", "s", "", start}}, View::timeline},
                   {"links",
                    "link",
                    "",
                    {{"name", "", "", sample::strings(std::vector<std::string>(1000, "mesh"))}},
                    View::links},
                   {"bins", "bin", "", {{"bin", "", "", bin}}}};
  result.arrays = {{"use", "", "", {"link", "bin"}, use}};
  expect_round_trip(result);
  EXPECT_LT(fs::file_size(path), 8 * (start.size() + use.size()));  // deflated
}

TEST_F(ResultsFile, EqualResultsMakeEqualBytes) {
  write(sample::result(), path);
  const std::string first = content(path);
  {
    const std::vector<std::string> disturbance(10'000,
                                               "other bytes on the heap, before the next file is made");
  }
  write(sample::result(), path);
  EXPECT_TRUE(content(path) == first);
}

TEST_F(ResultsFile, RefusesColumnsThatDifferInLength) {
  Result result;
  result.tables = {
      {"t", "row", "", {{"a", "", "", sample::numbers(1, 2)}, {"b", "", "", sample::numbers(1)}}}};
  EXPECT_THROW(write(result, path), std::logic_error);
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(ResultsFile, RefusesArraysThatDoNotFitTheirTables) {
  Result result = sample::result();
  result.arrays[0].values.pop_back();
  EXPECT_THROW(write(result, path), std::logic_error);
  result = sample::result();
  result.arrays[0].dimensions[1] = "no_such_dimension";
  EXPECT_THROW(write(result, path), std::logic_error);
}

TEST_F(ResultsFile, RefusesNamesThatAreTakenOrNoNames) {
  for (const char* name : {"figures", "provenance", "arrays", "", "a/b"}) {
    Result result;
    result.tables = {{name, "row", "", {{"a", "", "", sample::numbers(1)}}}};
    EXPECT_THROW(write(result, path), std::logic_error) << name;
  }
  Result result;
  result.figures = {{"seed", 1, "", "stands for something else already"}};
  EXPECT_THROW(write(result, path), std::logic_error);
}

TEST_F(ResultsFile, SaysThatTheDiskIsFull) {
  try {
    write(sample::result(), "/dev/full");
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "cannot write '/dev/full': No space left on device");
  }
}

TEST_F(ResultsFile, ReadingSaysWhatIsWrong) {
  using testing::HasSubstr;
  EXPECT_THAT(reading_says(), HasSubstr("out.h5': no such file"));
  put("name: a scenario, not its result\n");
  EXPECT_THAT(reading_says(), HasSubstr("out.h5': it is no HDF5 file"));
  put("");
  EXPECT_THAT(reading_says(), HasSubstr("it is no HDF5 file"));
}

TEST_F(ResultsFile, AFileWithOneWrongByteIsRefusedOrUnharmed) {
  write(sample::result(), path);
  const std::string whole = content(path);
  for (std::size_t at = 0; at < whole.size(); at += 499) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    put(damaged);
    EXPECT_NE(reading_says(), "") << "byte " << at;
  }
  std::string without_mark = whole;
  without_mark[whole.size() - 16] = '?';
  put(without_mark);
  expect_equal(read(path), sample::result());
}

TEST_F(ResultsFile, AFileCutShortIsRefusedWhereverItIsCut) {
  write(sample::result(), path);
  const std::string whole = content(path);
  for (std::size_t length = 0; length < whole.size(); length += 997) {
    put(whole.substr(0, length));
    EXPECT_NE(reading_says(), "") << length << " of " << whole.size() << " bytes";
  }
}

}  // namespace
}  // namespace superpod::analysis
