// What is wrong with a trace is said with its place, and the line is shown.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scenarios/traces/read_trace.hpp"
#include "tests/scenarios/traces/written_file.hpp"

namespace superpod::scenarios {
namespace {

using models::TraceFormat;
using testing::ElementsAre;
using testing::HasSubstr;

Mistakes mistakes_of(std::string_view text, TraceFormat format) {
  const WrittenFile file{text};
  Mistakes mistakes;
  static_cast<void>(read_trace(file.path(), {.file = {}, .format = format, .first = {}}, mistakes));
  return mistakes;
}

/// `line:column message`
std::vector<std::string> said(std::string_view text, TraceFormat format) {
  std::vector<std::string> all;
  for (const Mistake& mistake : mistakes_of(text, format).sorted())
    all.push_back(std::to_string(mistake.place.line) + ":" + std::to_string(mistake.place.column) + " " +
                  mistake.message);
  return all;
}

std::vector<std::string> in_table(const std::string& rows) {
  return said("arrival_s,input_tokens,output_tokens\n" + rows, TraceFormat::own);
}

std::vector<std::string> in_json(const std::string& rows) { return said(rows, TraceFormat::mooncake); }

TEST(WrongTrace, TokensAreCountsAboveZero) {
  EXPECT_THAT(in_table("0,0,1\n0,1,-3\n0, 1.5,1\n0,1,many\n0,,1\n0,16777217,1\n0,nan,1\n0,1,1e3x\n"),
              ElementsAre("2:3 column 'input_tokens' holds no count of tokens: '0'",
                          "3:5 column 'output_tokens' holds no count of tokens: '-3'",
                          "4:4 column 'input_tokens' holds no count of tokens: '1.5'",
                          "5:5 column 'output_tokens' holds no count of tokens: 'many'",
                          "6:3 column 'input_tokens' is empty here",
                          "7:3 column 'input_tokens' holds no count of tokens: '16777217'",
                          "8:3 column 'input_tokens' holds no count of tokens: 'nan'",
                          "9:5 column 'output_tokens' holds no count of tokens: '1e3x'"));
}

TEST(WrongTrace, DatesAreDatesAndDoNotRunBackwards) {
  EXPECT_THAT(in_table("5,1,1\n4.5,1,1\n4.75,1,1\nsoon,1,1\ninf,1,1\n"),
              ElementsAre("3:1 this request came before the one above it",
                          "5:1 column 'arrival_s' holds no date: 'soon'",
                          "6:1 column 'arrival_s' holds no date: 'inf'"));
  const auto azure = [](const std::string& date) {
    return said("TIMESTAMP,ContextTokens,GeneratedTokens\n" + date + ",1,1\n", TraceFormat::azure);
  };
  for (const std::string date :
       {"2023-02-29 00:00:00", "2023-13-01 00:00:00", "2023-11-16 24:00:00", "2023-11-16 18:60:00",
        "2023-11-16 18:15:4", "2023-11-16", "23-11-16 18:15:46", "2023-11-16 18:15:46.5x",
        "2023-11-16 18:15:46.", "2023-11-16 18:15:46+1", "16.11.2023 18:15:46", "1700158546"})
    EXPECT_THAT(azure(date), ElementsAre("2:1 column 'TIMESTAMP' holds no date: '" + date + "'"));
}

TEST(WrongTrace, RowsHaveTheirFields) {
  EXPECT_THAT(in_table("0,1\n0,1,1,1\n"), ElementsAre("2:1 this row has 2 fields, and the header 3",
                                                      "3:1 this row has 4 fields, and the header 3"));
}

TEST(WrongTrace, AHeaderWithoutAColumnIsTheOnlyMistake) {
  EXPECT_EQ(text(mistakes_of("arrival_s,input,output_tokens\n0,1,1\n0,1,1\n", TraceFormat::own))
                .find("trace.txt:2"),
            std::string::npos);
  EXPECT_THAT(said("arrival_s,input,output_tokens\n0,1,1\n", TraceFormat::own),
              ElementsAre("1:1 a trace of the format own has a column 'input_tokens'"));
  EXPECT_THAT(
      text(mistakes_of("TIMESTAMP,ContextTokens\nx", TraceFormat::mooncake)),
      HasSubstr("= help: columns here: 'TIMESTAMP', 'ContextTokens'; these are columns of the format azure"));
}

TEST(WrongTrace, TheLineIsShownWithWhatIsWrong) {
  const std::string shown =
      text(mistakes_of("arrival_s,input_tokens,output_tokens\n0,1,1\n1,2,zwei\n", TraceFormat::own));
  EXPECT_THAT(shown,
              HasSubstr("trace.txt:3:5: error: column 'output_tokens' holds no count of tokens: 'zwei'\n"
                        "  3 | 1,2,zwei\n"
                        "    |     ^^^^\n"
                        "    = help: a whole number from 1 to 16,777,216\n"));
}

TEST(WrongTrace, JsonLinesAreWholeObjects) {
  const std::string good = R"({"timestamp": 0, "input_length": 9, "output_length": 1, "hash_ids": [4]})";
  EXPECT_THAT(in_json(good + " x\n" + good + good + "\n"),
              ElementsAre("1:74 text behind the object", "2:73 text behind the object"));
  EXPECT_THAT(in_json(R"({"timestamp": 0, "input_length": 9})"
                      "\n"),
              ElementsAre("1:1 this request has no 'output_length'"));
  EXPECT_THAT(in_json(R"({"timestamp": 0, "timestamp": 1})"
                      "\n"),
              ElementsAre("1:19 a second 'timestamp' in this line"));
  EXPECT_THAT(
      in_json(
          "{\"timestamp\": 0 \"a\": 1}\n{timestamp: 0}\n{\"timestamp\" 0}\n{\"a\": here}\n{\"a\": [1, {]}\n"),
      ElementsAre("1:17 this object is not closed", "2:2 a key and its value are missing here",
                  "3:14 a key and its value are missing here", "4:7 this value is cut off, or none",
                  "5:12 this value is cut off, or none"));
  EXPECT_THAT(in_json("{\"a\": \"x\\\"}\n"), ElementsAre("1:12 this value is cut off, or none"));
  EXPECT_THAT(in_json("{\"a\": 1}\n[1]\n"),
              ElementsAre("1:1 this request has no 'timestamp'", "2:1 this is no object"));
}

TEST(WrongTrace, TextIsNoNumberInJson) {
  EXPECT_THAT(in_json(R"({"timestamp": "0", "input_length": "9", "output_length": 1, "hash_ids": [4]})"
                      "\n"),
              ElementsAre("1:36 column 'input_length' holds no count of tokens: '\"9\"'"));
}

TEST(WrongTrace, BlocksAreWholeNumbersAndNoMoreThanThePromptHas) {
  const auto blocks = [](const std::string& list, int input = 1024) {
    return in_json(R"({"hash_ids": )" + list + R"(, "timestamp": 0, "input_length": )" +
                   std::to_string(input) +
                   R"(, "output_length": 1})"
                   "\n");
  };
  EXPECT_THAT(blocks("[1, 2, 3]"), ElementsAre("1:14 3 blocks are more than a prompt of 1024 tokens has"));
  EXPECT_THAT(blocks("[1, 2, 3]", 1025), testing::IsEmpty());
  EXPECT_THAT(blocks("[]", 1), testing::IsEmpty());
  for (const auto& [list, column] : std::vector<std::pair<std::string, int>>{{"[1, x]", 18},
                                                                             {"[1, -2]", 18},
                                                                             {"[1.5]", 16},
                                                                             {"[1 2]", 17},
                                                                             {"[1, ]", 18},
                                                                             {"7", 14},
                                                                             {"[[1]]", 15}})
    EXPECT_THAT(blocks(list),
                ElementsAre("1:" + std::to_string(column) + " column 'hash_ids' is no list of whole numbers"))
        << list;
}

TEST(WrongTrace, AFileThatIsCutOffIsSaidToBe) {
  EXPECT_THAT(text(mistakes_of("arrival_s,input_tokens,output_tokens\n0,1,1\n0,1", TraceFormat::own)),
              HasSubstr("the file ends here: it may be cut off"));
  EXPECT_THAT(text(mistakes_of(R"({"timestamp": 0, "input_len)", TraceFormat::mooncake)),
              HasSubstr("the file ends here: it may be cut off"));
  EXPECT_EQ(
      text(mistakes_of("arrival_s,input_tokens,output_tokens\n0,1\n", TraceFormat::own)).find("cut off"),
      std::string::npos);
}

TEST(WrongTrace, WhatIsNoTextOrHasNoRequestIsNoTrace) {
  EXPECT_THAT(said("\x1F\x8B\x08\x00\x00", TraceFormat::azure), ElementsAre("1:2 this is not UTF-8 text"));
  EXPECT_THAT(said("", TraceFormat::own), ElementsAre("0:0 the trace holds no request"));
  EXPECT_THAT(said("arrival_s,input_tokens,output_tokens\n", TraceFormat::own),
              ElementsAre("0:0 the trace holds no request"));
}

TEST(WrongTrace, ALineOfMoreThanAMegabyteIsAMistake) {
  EXPECT_THAT(in_table("0,1,1\n" + std::string(3'000'000, '1') + "\n0,1,x\n"),
              ElementsAre("3:1 this line has more than a megabyte",
                          "4:5 column 'output_tokens' holds no count of tokens: 'x'"));
}

TEST(WrongTrace, TwentyLinesAreShownAndTheRestIsCounted) {
  std::string rows;
  for (int i = 0; i < 1000; ++i) rows += i < 20 || i % 10 == 0 ? "0,1,x\n" : "0,1,1\n";
  auto all = in_table(rows);
  ASSERT_EQ(all.size(), 21U);
  EXPECT_EQ(all[19], "21:5 column 'output_tokens' holds no count of tokens: 'x'");
  EXPECT_EQ(all[20], "22:1 this line and 97 more are wrong, too");
  EXPECT_EQ(in_table("0,1,x\n").size(), 1U);
}

}  // namespace
}  // namespace superpod::scenarios
