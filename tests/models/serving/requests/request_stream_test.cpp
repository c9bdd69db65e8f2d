// Streams: as many requests as are wanted, in order, and what one choice draws leaves the others alone.

#include "models/serving/requests/request_stream.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

namespace superpod::models {
namespace {

using unit::s, unit::Hz;

Requests drawn(RequestLoad load = PoissonLoad{20 * Hz}) {
  return {.source = SyntheticRequests{UniformLength{100, 900}, LognormalLength{200, 1, 4000}},
          .load = std::move(load),
          .stop = {.requests = 1000, .time = std::nullopt},
          .warm_up = 0};
}

std::vector<Request> all(RequestStream stream) {
  std::vector<Request> requests;
  while (const auto request = stream.next()) requests.push_back(*request);
  return requests;
}

/// [dates, prompts, answers] that differ.
struct Differences {
  int dates = 0, inputs = 0, outputs = 0;
};

Differences between(const std::vector<Request>& a, const std::vector<Request>& b) {
  Differences found;
  EXPECT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    found.dates += a[i].arrival != b[i].arrival ? 1 : 0;
    found.inputs += a[i].input_tokens != b[i].input_tokens ? 1 : 0;
    found.outputs += a[i].output_tokens != b[i].output_tokens ? 1 : 0;
  }
  return found;
}

TEST(RequestStream, EndsAtItsCountOrTimeWhicheverIsFirst) {
  Requests requests = drawn();
  EXPECT_EQ(all({requests, {}}).size(), 1000U);
  requests.stop.time = 10 * s;
  const auto until = all({requests, {}});
  EXPECT_NEAR(static_cast<double>(until.size()), 200, 5 * std::sqrt(200));
  EXPECT_LT(until.back().arrival, 10 * s);
  requests.stop.requests = std::nullopt;
  EXPECT_EQ(all({requests, {}}).size(), until.size());
  requests.stop = {.requests = 5, .time = 10 * s};
  EXPECT_EQ(all({requests, {}}).size(), 5U);
}

TEST(RequestStream, NoneComesAfterTheEnd) {
  Requests requests = drawn(GammaLoad{4 * Hz, 0});
  requests.stop = {.requests = std::nullopt, .time = 1 * s};  // at 0.25, 0.5, 0.75; not at 1
  RequestStream stream{requests, {}};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(stream.next());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(stream.next());
}

TEST(RequestStream, FollowsFromItsSeedAndInstance) {
  const auto one = all({drawn(), {.seed = 4}}), same = all({drawn(), {.seed = 4}});
  const Differences none = between(one, same);
  EXPECT_EQ(none.dates + none.inputs + none.outputs, 0);
  for (const StreamSeed other : {StreamSeed{.seed = 5}, StreamSeed{.seed = 4, .instance = 1}}) {
    const Differences found = between(one, all({drawn(), other}));
    EXPECT_EQ(found.dates, 1000);
    EXPECT_GT(found.inputs, 950);
    EXPECT_GT(found.outputs, 950);
  }
}

TEST(RequestStream, AnotherLoadLeavesTheLengths) {
  for (const RequestLoad& load : std::vector<RequestLoad>{PoissonLoad{7 * Hz}, GammaLoad{20 * Hz, 2},
                                                          RampLoad{{{0 * s, 5 * Hz}}, std::nullopt}}) {
    const Differences found = between(all({drawn(), {}}), all({drawn(load), {}}));
    EXPECT_GT(found.dates, 990);
    EXPECT_EQ(found.inputs + found.outputs, 0);
  }
}

TEST(RequestStream, OtherPromptsLeaveAnswersAndDates) {
  Requests other = drawn();
  other.source = SyntheticRequests{LognormalLength{500, 1, 9000}, LognormalLength{200, 1, 4000}};
  const Differences found = between(all({drawn(), {}}), all({other, {}}));
  EXPECT_GT(found.inputs, 950);
  EXPECT_EQ(found.dates + found.outputs, 0);
}

TEST(RequestStream, GapsPromptsAndAnswersKnowNothingOfEachOther) {
  Requests requests = drawn(PoissonLoad{1 * Hz});
  const LognormalLength wide{1e5, 1, most_request_tokens};
  requests.source = SyntheticRequests{wide, wide};
  const double deviation = std::sqrt(std::log(2)), centre = std::log(1e5) - std::log(2) / 2;
  double last = 0, prompt_and_answer = 0, gap_and_prompt = 0, gap_and_answer = 0;
  for (const Request& request : all({requests, {}})) {
    const double date = request.arrival.in(s), gap = date - last - 1;  // all three of mean 0 and deviation 1
    const double prompt = (std::log(request.input_tokens) - centre) / deviation;
    const double answer = (std::log(request.output_tokens) - centre) / deviation;
    prompt_and_answer += prompt * answer;
    gap_and_prompt += gap * prompt;
    gap_and_answer += gap * answer;
    last = date;
  }
  const double five_errors = 5 * std::sqrt(1000);
  EXPECT_NEAR(prompt_and_answer, 0, five_errors);  // 1000 if they were the same
  EXPECT_NEAR(gap_and_prompt, 0, five_errors);
  EXPECT_NEAR(gap_and_answer, 0, five_errors);
}

TEST(RequestStream, AClosedLoopIsLetInByItsCaller) {
  Requests requests = drawn(ClosedLoad{3});
  requests.stop = {.requests = 5, .time = 10 * s};
  RequestStream stream{requests, {}};
  EXPECT_FALSE(stream.next());  // nobody knows when
  const auto open = all({drawn(), {}});
  for (std::size_t i = 0; i < 5; ++i) {
    const auto request = stream.next_at(static_cast<double>(i) * s);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->arrival, static_cast<double>(i) * s);
    EXPECT_EQ(request->input_tokens, open[i].input_tokens);
    EXPECT_EQ(request->output_tokens, open[i].output_tokens);
  }
  EXPECT_FALSE(stream.next_at(5 * s));
  RequestStream late{requests, {}};
  EXPECT_TRUE(late.next_at(9.9 * s));
  EXPECT_FALSE(late.next_at(10 * s));
}

const std::vector<Request> trace{{0 * s, 10, 1, 0, 2}, {2 * s, 20, 2, 2, 1}, {2 * s, 30, 3}, {7 * s, 40, 4}};

Requests recorded(RequestLoad load, std::optional<std::int64_t> first = std::nullopt) {
  return {.source = TraceRequests{"t", TraceFormat::own, first},
          .load = std::move(load),
          .stop = {},
          .warm_up = 0};
}

TEST(RequestStream, ATraceComesAsItWasRecorded) {
  const auto as_it_was = all({recorded(RecordedLoad{}), {}, trace});
  const Differences found = between(as_it_was, trace);
  EXPECT_EQ(found.dates + found.inputs + found.outputs, 0);
  EXPECT_EQ(as_it_was[1].first_block, 2U);
  EXPECT_EQ(as_it_was[1].blocks, 1U);
  const auto twice_as_fast = all({recorded(RecordedLoad{0.5}, 3), {}, trace});
  ASSERT_EQ(twice_as_fast.size(), 3U);
  EXPECT_EQ(twice_as_fast[2].arrival, 1 * s);
  EXPECT_EQ(twice_as_fast[2].input_tokens, 30);
}

TEST(RequestStream, ATraceMayComeAtOtherDates) {
  const auto other = all({recorded(GammaLoad{10 * Hz, 0}), {}, trace});
  ASSERT_EQ(other.size(), 4U);
  EXPECT_NEAR(other[3].arrival.in(s), 0.4, 1e-12);
  EXPECT_EQ(other[3].input_tokens, 40);
  EXPECT_EQ(other[0].blocks, 2U);
  RequestStream closed{recorded(ClosedLoad{2}), {}, trace};
  EXPECT_EQ(closed.next_at(0 * s)->input_tokens, 10);
  EXPECT_EQ(closed.next_at(0 * s)->input_tokens, 20);
}

/// Four instances that get each request with a quarter of the probability are one system again.
TEST(RequestStream, ThinnedLoadsAddUp) {
  Requests requests = drawn(*thinned(PoissonLoad{20 * Hz}, 0.25));
  requests.stop = {.requests = std::nullopt, .time = 1000 * s};
  double sum = 0;
  for (std::uint32_t instance = 0; instance < 4; ++instance)
    sum += static_cast<double>(all({requests, {.seed = 9, .instance = instance}}).size());
  EXPECT_NEAR(sum, 20'000, 5 * std::sqrt(20'000));
}

}  // namespace
}  // namespace superpod::models
