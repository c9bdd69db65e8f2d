// Tables as text: what was written is what is read, and what is wrong is said with its place.

#include "scenarios/tables/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <sstream>

namespace superpod::scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::shared_ptr<const Source> source(std::string text) {
  return std::make_shared<Source>(Source{"table.csv", std::move(text)});
}

Csv parsed(std::string text) {
  Mistakes mistakes;
  Csv csv = parse_csv(source(std::move(text)), mistakes);
  EXPECT_EQ(superpod::scenarios::text(mistakes), "");
  return csv;
}

std::string mistakes_of(std::string table) {
  Mistakes mistakes;
  static_cast<void>(parse_csv(source(std::move(table)), mistakes));
  return text(mistakes);
}

TEST(Csv, CommentsHeaderAndRowsAreApart) {
  const Csv csv = parsed("# title: x\n#note\n\na, b ,c\n1,2,3\n# between\n4,,6\n");
  EXPECT_THAT(csv.comments, ElementsAre("title: x", "note", "between"));
  EXPECT_THAT(csv.columns, ElementsAre("a", "b", "c"));
  ASSERT_EQ(csv.rows.size(), 2U);
  EXPECT_THAT(csv.rows[1].fields, ElementsAre("4", "", "6"));
  EXPECT_EQ(csv.rows[1].line, 7);
  EXPECT_EQ(text(csv.place_of(csv.rows[1], 2)), "table.csv:7:4");
}

TEST(Csv, QuotesProtectCommasAndBlanks) {
  const Csv csv = parsed("a,b\n\"x, y\",\" said \"\"so\"\" \"\n");
  EXPECT_THAT(csv.rows[0].fields, ElementsAre("x, y", " said \"so\" "));
}

TEST(Csv, LinesMayEndAsOnOtherSystemsAndTheLastOneNotAtAll) {
  const Csv csv = parsed("a,b\r\n1,2\r\n3,");
  ASSERT_EQ(csv.rows.size(), 2U);
  EXPECT_THAT(csv.rows[0].fields, ElementsAre("1", "2"));
  EXPECT_THAT(csv.rows[1].fields, ElementsAre("3", ""));
}

TEST(Csv, TrailingEmptyFieldsCount) {
  EXPECT_THAT(parsed("a,b,c\n1,,\n").rows[0].fields, ElementsAre("1", "", ""));
}

TEST(Csv, WhatWasWrittenIsRead) {
  std::mt19937 random{1};
  const std::string letters = "ab,\"# '\t;0";
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> fields(1 + random() % 4);
    for (std::string& field : fields)
      for (std::size_t i = random() % 5; i > 0; --i) field += letters[random() % letters.size()];
    std::ostringstream out;
    std::vector<std::string> header;
    for (std::size_t i = 0; i < fields.size(); ++i) header.push_back("c" + std::to_string(i));
    write_row(out, header);
    write_row(out, fields);
    const Csv csv = parsed(out.str());
    ASSERT_EQ(csv.rows.size(), 1U) << out.str();
    EXPECT_EQ(csv.rows[0].fields, fields);
  }
}

TEST(Csv, AFieldWithALineBreakIsRefused) {
  std::ostringstream out;
  EXPECT_THROW(write_row(out, std::vector<std::string>{"a\nb"}), std::invalid_argument);
}

TEST(Csv, ACommentStaysOneLine) {
  std::ostringstream out;
  write_comment(out, "one\ntwo");
  EXPECT_EQ(out.str(), "# one two\n");
}

TEST(Csv, ARaggedRowIsLocatedAndLeftOut) {
  Mistakes mistakes;
  const Csv csv = parse_csv(source("a,b\n1,2\n1,2,3\n1\n"), mistakes);
  EXPECT_EQ(csv.rows.size(), 1U);
  EXPECT_EQ(mistakes.count(), 2U);
  EXPECT_THAT(text(mistakes),
              HasSubstr("table.csv:3:1: error: this row has 3 fields, and the header in line 1 "
                        "names 2"));
  EXPECT_THAT(text(mistakes), HasSubstr("table.csv:4:1"));
}

TEST(Csv, ATableNeedsAHeader) {
  EXPECT_THAT(mistakes_of(""), HasSubstr("the table has no header"));
  EXPECT_THAT(mistakes_of("# only words\n"), HasSubstr("the table has no header"));
}

TEST(Csv, ColumnsHaveNamesOfTheirOwn) {
  EXPECT_THAT(mistakes_of("a,b,a\n"), HasSubstr("table.csv:1:5: error: a second column 'a'"));
  EXPECT_THAT(mistakes_of("a,,b\n"), HasSubstr("table.csv:1:3: error: this column has no name"));
}

TEST(Csv, QuotesAreClosedOnTheirLine) {
  EXPECT_THAT(mistakes_of("a,b\n1,\"2\n"),
              HasSubstr("table.csv:2:3: error: this quoted field is not closed"));
  EXPECT_THAT(mistakes_of("a,b\n\"1\"x,2\n"), HasSubstr("table.csv:2:4: error: text behind a quoted field"));
}

}  // namespace
}  // namespace superpod::scenarios
