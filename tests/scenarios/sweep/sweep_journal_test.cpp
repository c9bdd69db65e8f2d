// The journal of a sweep keeps what was appended, whatever happens to its writer.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "scenarios/sweep/journal.hpp"
#include "scenarios/sweep/ledger.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

const Fingerprint own{{"version", "1"}, {"sweep", "a"}};

Outcome outcome(std::int64_t point) {
  const auto x = static_cast<double>(point);
  return {point,
          Status::ok,
          {},
          {{"time_s", x, "s", "how long"}, {"rate", 2 * x, "1/s", "how fast", std::pair{x, 3 * x}}}};
}

class SweepJournal : public testing::Test {
 protected:
  void SetUp() override { fs::remove(path_); }
  void TearDown() override { fs::remove(path_); }

  std::vector<std::int64_t> found() const {
    std::vector<std::int64_t> points;
    const Journal journal{path_, own, [&](const Outcome& one) {
                            points.push_back(one.point);
                            EXPECT_EQ(bytes_of(one).values, bytes_of(outcome(one.point)).values);
                            EXPECT_EQ(bytes_of(one).figures, bytes_of(outcome(one.point)).figures);
                          }};
    return points;
  }
  void append(std::int64_t first, std::int64_t end) const {
    Journal journal{path_, own, [](const Outcome&) {}};
    for (std::int64_t point = first; point < end; ++point) journal.append(outcome(point));
  }

  const fs::path path_ =
      fs::path{testing::TempDir()} /
      (std::string{testing::UnitTest::GetInstance()->current_test_info()->name()} + ".journal");
};

using Points = std::vector<std::int64_t>;

TEST_F(SweepJournal, GivesBackWhatWasAppendedInSeveralRuns) {
  EXPECT_EQ(found(), Points{});
  EXPECT_FALSE(holds_outcomes(path_));
  append(0, 2);
  append(2, 3);
  EXPECT_TRUE(holds_outcomes(path_));
  EXPECT_EQ(found(), (Points{0, 1, 2}));
}

TEST_F(SweepJournal, LosesOnlyTheRecordThatIsTorn) {
  append(0, 4);
  const auto whole = fs::file_size(path_);
  append(4, 5);
  for (std::uintmax_t size = fs::file_size(path_) - 1; size > whole; --size) {
    fs::resize_file(path_, size);
    EXPECT_EQ(found(), (Points{0, 1, 2, 3})) << size;
    EXPECT_EQ(fs::file_size(path_), whole) << "the tail is cut off, so that what is appended can be read";
    append(4, 5);
    EXPECT_EQ(found(), (Points{0, 1, 2, 3, 4}));
  }
}

TEST_F(SweepJournal, BeginsAnewWhenItsHeaderIsTorn) {
  append(0, 0);
  const auto header = fs::file_size(path_);
  for (std::uintmax_t size = 0; size < header; ++size) {
    fs::resize_file(path_, size);
    EXPECT_EQ(found(), Points{}) << size;
    EXPECT_EQ(fs::file_size(path_), header) << size;
  }
}

TEST_F(SweepJournal, DoesNotBelieveBytesThatHaveChanged) {
  append(0, 3);
  const auto size = fs::file_size(path_);
  std::fstream file{path_, std::ios::in | std::ios::out | std::ios::binary};
  file.seekp(static_cast<std::streamoff>(size) - 5);
  file.put('?');
  file.close();
  EXPECT_EQ(found(), (Points{0, 1}));
}

TEST_F(SweepJournal, OfAnotherSweepIsRefusedAndKept) {
  append(0, 3);
  const auto size = fs::file_size(path_);
  const Fingerprint other{{"version", "1"}, {"sweep", "b"}};
  try {
    const Journal journal{path_, other, [](const Outcome&) {}};
    ADD_FAILURE() << "another sweep's journal was taken";
  } catch (const ScenarioError& wrong) {
    EXPECT_NE(std::string{wrong.what()}.find("the sweep differs"), std::string::npos) << wrong.what();
  }
  EXPECT_EQ(fs::file_size(path_), size);
  std::ofstream{path_} << "a file of somebody else's\n";
  EXPECT_THROW(Journal(path_, own, [](const Outcome&) {}), ScenarioError);
  EXPECT_EQ(fs::file_size(path_), 26U);
}

TEST_F(SweepJournal, OfAnotherCommitIsRefusedAndBothAreNamed) {
  append(0, 3);
  const Fingerprint now{{"version", "0.1.0 (8d001884c2)"}, {"sweep", "a"}};
  try {
    const Journal journal{path_, now, [](const Outcome&) {}};
    ADD_FAILURE() << "points of two commits would stand in one file";
  } catch (const ScenarioError& wrong) {
    EXPECT_NE(std::string{wrong.what()}.find("superpod 1 made it, and this is 0.1.0 (8d001884c2)"),
              std::string::npos)
        << wrong.what();
  }
}

TEST(SweepLedger, HasTheSameColumnsInWhateverOrderPointsCome) {
  const auto kind = [](std::int64_t point) {
    Outcome one = outcome(point);
    if (point % 3 == 1) one.figures.push_back({"more", 1, "", "only some have it"});
    if (point % 5 == 2) one = {point, Status::mistake, "wrong", {}};
    return one;
  };
  Ledger forward{20}, backward{20};
  for (std::int64_t point = 0; point < 20; ++point) {
    forward.add(kind(point));
    backward.add(kind(19 - point));
  }
  const auto one = forward.columns(), other = backward.columns();
  ASSERT_EQ(one.size(), 5U);  // time, rate with its two ends, more
  ASSERT_EQ(other.size(), one.size());
  for (std::size_t c = 0; c < one.size(); ++c) {
    EXPECT_EQ(one[c].name, other[c].name);
    const auto& values = std::get<std::vector<double>>(one[c].values);
    for (std::size_t point = 0; point < 20; ++point) {
      const double same = std::get<std::vector<double>>(other[c].values)[point];
      EXPECT_TRUE(values[point] == same || (std::isnan(values[point]) && std::isnan(same)));
    }
  }
  EXPECT_EQ(forward.count(Status::mistake), 4);
  EXPECT_EQ(forward.done(), 20);
}

}  // namespace
}  // namespace superpod::scenarios
