// Traces in the columns in which they are published; the rows are invented.

#include "scenarios/traces/read_trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/scenarios/traces/written_file.hpp"

namespace superpod::scenarios {
namespace {

using models::RecordedRequests, models::TraceFormat;
using testing::ElementsAre;
using testing::IsEmpty;
using unit::s;

RecordedRequests read(std::string_view text, TraceFormat format, std::optional<std::int64_t> first = {}) {
  const WrittenFile file{text};
  Mistakes mistakes;
  auto recorded = read_trace(file.path(), {.file = {}, .format = format, .first = first}, mistakes);
  EXPECT_EQ(superpod::scenarios::text(mistakes), "");
  return recorded;
}

std::vector<double> arrivals(const RecordedRequests& recorded) {
  std::vector<double> all;
  for (const auto& request : recorded.requests) all.push_back(request.arrival.in(s));
  return all;
}

std::vector<std::pair<int, int>> tokens(const RecordedRequests& recorded) {
  std::vector<std::pair<int, int>> all;
  for (const auto& request : recorded.requests) all.emplace_back(request.input_tokens, request.output_tokens);
  return all;
}

using Tokens = std::pair<int, int>;

TEST(ReadTrace, AzureCountsByTheCalendar) {
  const auto recorded = read(
      "TIMESTAMP,ContextTokens,GeneratedTokens\r\n"
      "2023-12-31 23:59:59.5000000,100,7\r\n"
      "2023-12-31 23:59:59.5000001,20,1\r\n"
      "2024-01-01 00:00:01,30,2\r\n"
      "2024-02-29 23:59:59.5,4096,3",
      TraceFormat::azure);
  EXPECT_THAT(tokens(recorded), ElementsAre(Tokens{100, 7}, Tokens{20, 1}, Tokens{30, 2}, Tokens{4096, 3}));
  const auto dates = arrivals(recorded);
  EXPECT_EQ(dates[0], 0);
  EXPECT_NEAR(dates[1], 1e-7, 1e-12);  // a tenth of a microsecond, 54 years after 1970
  EXPECT_EQ(dates[2], 1.5);
  EXPECT_EQ(dates[3], 60 * 86'400);  // a leap year
  EXPECT_EQ(recorded.block_tokens, 0);
}

TEST(ReadTrace, AzureOfLaterYearsHasOffsetsAndImages) {
  const auto week = read(
      "TIMESTAMP,ContextTokens,GeneratedTokens\n"
      "2024-05-10 00:00:00.009930+00:00,100,7\n"
      "2024-05-10T02:00:00.009930+01:00,100,7\n"
      "2024-05-10 01:00:01.509930Z,100,7\n"
      "2024-05-09 23:30:02.009930-01:30,100,7\n",
      TraceFormat::azure);
  EXPECT_THAT(arrivals(week), ElementsAre(0, 3600, 3601.5, 3602));
  const auto images = read(
      "TIMESTAMP,NumImages,ContextTokens,GeneratedTokens\n"
      "2024-10-01 00:00:00.1,2,900,40\n",
      TraceFormat::azure);
  EXPECT_THAT(tokens(images), ElementsAre(Tokens{900, 40}));
}

TEST(ReadTrace, MooncakeHasMillisecondsAndBlocks) {
  const auto recorded =
      read(R"({"timestamp": 500, "input_length": 1025, "output_length": 50, "hash_ids": [0, 1, 2]})"
           "\n"
           R"({"timestamp": 500, "input_length": 512, "output_length": 5, "hash_ids": [7]})"
           "\n\n"
           R"({"hash_ids":[ 0 ,18446744073709551615 ],"output_length":1, "type": {"a": ["]", 1]}, )"
           R"("input_length":800,"timestamp":3250})"
           "\n",
           TraceFormat::mooncake);
  EXPECT_THAT(arrivals(recorded), ElementsAre(0, 0, 2.75));
  EXPECT_THAT(tokens(recorded), ElementsAre(Tokens{1025, 50}, Tokens{512, 5}, Tokens{800, 1}));
  EXPECT_EQ(recorded.block_tokens, 512);
  EXPECT_THAT(recorded.blocks, ElementsAre(0, 1, 2, 7, 0, 18446744073709551615U));
  EXPECT_EQ(recorded.requests[1].first_block, 3U);
  EXPECT_EQ(recorded.requests[1].blocks, 1U);
  EXPECT_EQ(recorded.requests[2].first_block, 4U);
  EXPECT_EQ(recorded.requests[2].blocks, 2U);
}

TEST(ReadTrace, BurstGptLeavesFailuresOut) {
  const auto recorded = read(
      "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
      "5,,,ChatGPT,472,18,490,Conversation log\n"
      "45.5,\"a, b\",3,GPT-4,1087,0,1087,API log\n"
      "118.25,9,2.5,\"GPT-4\",417,276.0,693,API log\n",
      TraceFormat::burstgpt);
  EXPECT_THAT(arrivals(recorded), ElementsAre(0, 113.25));
  EXPECT_THAT(tokens(recorded), ElementsAre(Tokens{472, 18}, Tokens{417, 276}));
  EXPECT_EQ(recorded.left_out, 1);
}

TEST(ReadTrace, OurOwnIsATableOrJsonLines) {
  const auto table = read(
      "# from the proxy's log\noutput_tokens, input_tokens, arrival_s\n\n3,8,1.5\n4,9,2\n", TraceFormat::own);
  const auto lines = read(
      "\xEF\xBB\xBF"
      R"( {"arrival_s": 10.5, "input_tokens": 8, "output_tokens": 3, "session": "x\"}"})"
      "\n"
      R"({"arrival_s": 1.1e1, "input_tokens": 9, "output_tokens": 4})",
      TraceFormat::own);
  for (const auto& recorded : {table, lines}) {
    EXPECT_THAT(arrivals(recorded), ElementsAre(0, 0.5));
    EXPECT_THAT(tokens(recorded), ElementsAre(Tokens{8, 3}, Tokens{9, 4}));
  }
}

TEST(ReadTrace, TheFirstOnesMayBeEnough) {
  // The third row is wrong, and is not reached.
  const auto recorded =
      read("arrival_s,input_tokens,output_tokens\n0,1,1\n1,2,2\nx,3,3\n", TraceFormat::own, 2);
  EXPECT_THAT(tokens(recorded), ElementsAre(Tokens{1, 1}, Tokens{2, 2}));
}

}  // namespace
}  // namespace superpod::scenarios
