// What is asked of requests fits together, or is said not to.

#include "models/serving/requests/requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace superpod::models {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using unit::s, unit::Hz;

std::vector<std::string> keys(const Requests& requests) {
  std::vector<std::string> all;
  for (const topology::Flaw& flaw : flaws(requests)) all.push_back(flaw.key);
  return all;
}

Requests good() {
  return {.source = SyntheticRequests{UniformLength{3277, 4096}, FixedLength{256}},
          .load = PoissonLoad{120 * Hz},
          .stop = {.requests = 20'000, .time = std::nullopt},
          .warm_up = 2000};
}

Requests recorded() {
  return {.source = TraceRequests{"trace.csv", TraceFormat::azure, std::nullopt},
          .load = RecordedLoad{},
          .stop = {},
          .warm_up = 0};
}

Requests with(const RequestLoad& load) {
  Requests requests = good();
  requests.load = load;
  return requests;
}

TEST(Requests, ThatFitTogetherHaveNoFlaw) {
  EXPECT_THAT(keys(good()), IsEmpty());
  EXPECT_THAT(keys(recorded()), IsEmpty());
  EXPECT_THAT(keys(with(ClosedLoad{256})), IsEmpty());
}

TEST(Requests, TheShortestIsNotLongerThanTheLongest) {
  Requests requests = good();
  requests.source = SyntheticRequests{UniformLength{9, 8}, LognormalLength{500, 1, 499}};
  EXPECT_THAT(keys(requests), ElementsAre("source.input_tokens.low", "source.output_tokens.most"));
  EXPECT_EQ(flaws(requests)[0].message, "9 tokens are more than the 8 of `high`");
}

TEST(Requests, ThatAreDrawnEndAndWereNotRecorded) {
  Requests requests = good();
  requests.stop = {};
  EXPECT_THAT(keys(requests), ElementsAre("stop"));
  requests.stop.time = 60 * s;
  EXPECT_THAT(keys(requests), IsEmpty());
  EXPECT_THAT(keys(with(RecordedLoad{})), ElementsAre("load"));
}

TEST(Requests, SomeAreLeftToCount) {
  Requests requests = good();
  requests.warm_up = 20'000;
  EXPECT_THAT(keys(requests), ElementsAre("warm_up"));
  requests.warm_up = 19'999;
  EXPECT_THAT(keys(requests), IsEmpty());
  requests.stop = {.requests = std::nullopt, .time = 60 * s};  // as many as come
  EXPECT_THAT(keys(requests), IsEmpty());
  requests = recorded();
  requests.source = TraceRequests{"trace.csv", TraceFormat::azure, 100};
  requests.warm_up = 100;
  EXPECT_THAT(keys(requests), ElementsAre("warm_up"));
}

TEST(Requests, ATraceHasAName) {
  Requests requests = recorded();
  requests.source = TraceRequests{};
  EXPECT_THAT(keys(requests), ElementsAre("source.file"));
}

TEST(Requests, ARampGoesFromTheStartOnInOrderOfTime) {
  using Points = std::vector<RampPoint>;
  const auto ramp = [](Points points, std::optional<Seconds> repeat = std::nullopt) {
    return keys(with(RampLoad{std::move(points), repeat}));
  };
  const Points up{{0 * s, 1 * Hz}, {10 * s, 2 * Hz}};
  EXPECT_THAT(ramp(up), IsEmpty());
  EXPECT_THAT(ramp(up, 10 * s), IsEmpty());
  EXPECT_THAT(ramp(up, 9 * s), ElementsAre("load.repeat"));
  EXPECT_THAT(ramp({}), ElementsAre("load.points"));
  EXPECT_THAT(ramp({{1 * s, 1 * Hz}}), ElementsAre("load.points"));
  EXPECT_THAT(ramp({{0 * s, 1 * Hz}, {5 * s, 1 * Hz}, {4 * s, 1 * Hz}}), ElementsAre("load.points.2.time"));
  EXPECT_THAT(ramp({{0 * s, 0 * Hz}, {5 * s, 0 * Hz}}), ElementsAre("load.points"));
  EXPECT_THAT(ramp({{0 * s, 0 * Hz}, {5 * s, 0 * Hz}, {5 * s, 9 * Hz}}, 5 * s), ElementsAre("load.points"));
  EXPECT_THAT(ramp({{0 * s, 1 * Hz}, {5 * s, 1 * Hz}, {5 * s, 2 * Hz}}), IsEmpty());  // a step
}

TEST(Requests, TheLongestIsPromptAndAnswer) {
  EXPECT_EQ(most_tokens(SyntheticRequests{UniformLength{3277, 4096}, FixedLength{256}}), 4352);
  const std::vector<Request> trace{{0 * s, 10, 5}, {1 * s, 3, 13}, {2 * s, 14, 1}};
  EXPECT_EQ(most_tokens(trace), 16);
  EXPECT_EQ(most_tokens(std::vector<Request>{}), 0);
}

TEST(Requests, OnlyAPoissonLoadIsThinnedToOne) {
  EXPECT_EQ(std::get<PoissonLoad>(*thinned(PoissonLoad{120 * Hz}, 0.25)).rate, 30 * Hz);
  const RampLoad ramp{{{0 * s, 8 * Hz}, {10 * s, 4 * Hz}}, 20 * s};
  const auto part = std::get<RampLoad>(*thinned(ramp, 0.5));
  EXPECT_EQ(part.points[0].rate, 4 * Hz);
  EXPECT_EQ(part.points[1].rate, 2 * Hz);
  EXPECT_EQ(part.points[1].time, 10 * s);
  EXPECT_EQ(part.repeat, 20 * s);
  for (const RequestLoad& load :
       std::vector<RequestLoad>{GammaLoad{1 * Hz, 2}, ClosedLoad{8}, RecordedLoad{}})
    EXPECT_FALSE(thinned(load, 0.5));
}

}  // namespace
}  // namespace superpod::models
