// Requests as a scenario says them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "models/serving/requests/requests.hpp"
#include "scenarios/text/schema_of.hpp"
#include "scenarios/text/yaml_read.hpp"

namespace superpod::scenarios {
namespace {

using namespace models;
using testing::HasSubstr;
using unit::s, unit::Hz;

struct Asked {
  Requests requests;
  std::string mistakes;
};

Asked asked(const std::string& yaml) {
  const Library none{{}};
  Mistakes mistakes;
  Places places;
  Reader reader{none, mistakes, places};
  Asked result;
  const auto tree = parse_yaml(std::make_shared<Source>(Source{"t.yaml", yaml}), mistakes);
  if (tree) read(*tree, result.requests, Spot{{}, Requests::kind, {}, {}}, reader);
  result.mistakes = text(mistakes);
  return result;
}

TEST(RequestsText, DrawnRequestsComeAtARate) {
  const auto [requests, mistakes] = asked(
      "source:\n"
      "  kind: synthetic\n"
      "  input_tokens: {kind: uniform, low: 3277, high: 4096}\n"
      "  output_tokens: {kind: lognormal, mean: 256, cv: 1.5, most: 4096}\n"
      "load: {kind: poisson, rate: 120 1/s}\n"
      "stop: {requests: 20000, time: 1 h}\n"
      "warm_up: 2000\n");
  EXPECT_EQ(mistakes, "");
  const auto& drawn = std::get<SyntheticRequests>(requests.source);
  EXPECT_EQ(std::get<UniformLength>(drawn.input_tokens).low, 3277);
  EXPECT_EQ(std::get<LognormalLength>(drawn.output_tokens).cv, 1.5);
  EXPECT_EQ(std::get<PoissonLoad>(requests.load).rate, 120 * Hz);
  EXPECT_EQ(requests.stop.requests, 20'000);
  EXPECT_EQ(requests.stop.time, 3600 * s);
  EXPECT_EQ(requests.warm_up, 2000);
  EXPECT_TRUE(flaws(requests).empty());
}

TEST(RequestsText, ATraceComesAsItWasRecorded) {
  const auto [requests, mistakes] =
      asked("source: {kind: trace, file: chat.jsonl, format: mooncake, first: 10000}\nload: recorded\n");
  EXPECT_EQ(mistakes, "");
  EXPECT_EQ(std::get<TraceRequests>(requests.source).format, TraceFormat::mooncake);
  EXPECT_EQ(std::get<TraceRequests>(requests.source).first, 10'000);
  EXPECT_EQ(std::get<RecordedLoad>(requests.load).time_scale, 1);
  EXPECT_TRUE(flaws(requests).empty());
}

TEST(RequestsText, LoadsMayRepeatByDayOrWaitForAnswers) {
  const std::string source =
      "source: {kind: synthetic, input_tokens: {kind: fixed, tokens: 9}, output_tokens: {kind: fixed, "
      "tokens: "
      "9}}\nstop: {time: 2 d}\n";
  const auto day = asked(source +
                         "load: {kind: ramp, points: [{time: 0 s, rate: 1 1/s}, {time: 12 h, rate: 9 1/s}], "
                         "repeat: 24 h}\n");
  EXPECT_EQ(day.mistakes, "");
  EXPECT_EQ(std::get<RampLoad>(day.requests.load).points[1].time, 43'200 * s);
  EXPECT_EQ(std::get<RampLoad>(day.requests.load).repeat, 86'400 * s);
  const auto closed = asked(source + "load: {kind: closed_loop, concurrency: 256}\n");
  EXPECT_EQ(std::get<ClosedLoad>(closed.requests.load).concurrency, 256);
  const auto bursts = asked(source + "load: {kind: gamma, rate: 10 1/s, cv: 2.5}\n");
  EXPECT_EQ(std::get<GammaLoad>(bursts.requests.load).cv, 2.5);
}

TEST(RequestsText, WhatCannotBeIsAMistakeAtItsPlace) {
  const std::string said =
      asked(
          "source: {kind: synthetic, input_tokens: {kind: fixed, tokens: 0}, output_tokens: 256}\n"
          "load: {kind: poison, rate: 0 1/s}\n"
          "stop: {requests: 0}\n")
          .mistakes;
  EXPECT_THAT(said, HasSubstr("t.yaml:1:63: error: tokens must be at least 1"));
  EXPECT_THAT(said, HasSubstr("did you mean 'poisson'?"));
  EXPECT_THAT(said, HasSubstr("t.yaml:3:18: error: requests must be at least 1"));
}

TEST(RequestsText, HasASchema) {
  const std::string schema = schema::document<Requests>();
  for (const char* kind : {"synthetic", "trace", "fixed", "uniform", "lognormal", "poisson", "gamma", "ramp",
                           "closed_loop", "recorded"})
    EXPECT_THAT(schema, HasSubstr(std::string{"\"const\": \""} + kind + "\"")) << kind;
}

}  // namespace
}  // namespace superpod::scenarios
