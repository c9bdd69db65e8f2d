#include "scenarios/answers/training_result.hpp"

#include <stdexcept>
#include <vector>

#include "scenarios/answers/training_tables.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

using analysis::Figure;
using analysis::Result;

double seconds(Seconds time) { return time.in(unit::s); }

std::string precision_of(const TrainingAnswer& answer) {
  return std::string{models::word(answer.mfu_precision)};
}

/// Figures that may be uncertain.
struct Headline {
  Figure step, pace, pace_per_npu, mfu;
  std::optional<Figure> goodput, effective_pace, time_to_train;
};

Headline without_intervals(const TrainingAnswer& answer) {
  Headline line{
      {"step_time_s", seconds(answer.step), "s", "from the start of the step to the end of its last task"},
      {"tokens_per_s", answer.pace().in(unit::Hz), "1/s", "tokens of the step over the step time"},
      {"tokens_per_s_per_npu", answer.pace().in(unit::Hz) / answer.extent.npus, "1/s",
       "tokens_per_s over npus"},
      {"mfu", answer.mfu, "",
       "model FLOPs of the step (causal, recomputation not counted) over the " + precision_of(answer) +
           " peak of all NPUs in the step time"},
      {},
      {},
      {}};
  if (!answer.reliability) return line;
  line.goodput = goodput_figure(*answer.reliability);
  line.effective_pace = pace_figure(*answer.reliability);
  line.time_to_train = time_figure(*answer.reliability);
  return line;
}

/// In proportion to a step without faults, if there are any.
StepInterval with_faults(const TrainingAnswer& answer) {
  const auto& [fast, slow] = *answer.step_interval;
  if (!answer.slowdown) return {fast, slow};
  return {answer.step / answer.slowdown->without * fast, answer.step / answer.slowdown->without * slow};
}

void give_step_interval(const TrainingAnswer& answer, Headline& line) {
  const StepInterval interval = with_faults(answer);
  const double fast = interval.fast / answer.step, slow = interval.slow / answer.step;
  line.step.interval = {line.step.value * fast, line.step.value * slow};
  for (Figure* figure : {&line.pace, &line.pace_per_npu, &line.mfu})
    figure->interval = {figure->value / slow, figure->value / fast};
  if (!answer.slowdown) return;
  for (Figure* figure : {&line.step, &line.pace, &line.pace_per_npu, &line.mfu})
    figure->meaning += "; its interval is as wide, in proportion, as without faults";
}

Figure& figure_of(Studied which, Headline& line) {
  switch (which) {
    case Studied::step_time:
      return line.step;
    case Studied::goodput:
      return *line.goodput;
    case Studied::effective_pace:
      return *line.effective_pace;
    case Studied::time_to_train:
      return *line.time_to_train;
  }
  throw std::logic_error{"no such figure is studied"};
}

Headline headline(const TrainingAnswer& answer) {
  Headline line = without_intervals(answer);
  if (answer.step_interval) give_step_interval(answer, line);
  if (!answer.uncertainty) return line;
  const UncertainAnswer& study = *answer.uncertainty;
  for (std::size_t f = 0; f < study.figures.size(); ++f)
    give_interval(study, f, figure_of(study.figures[f], line));
  const auto [low, high] = *line.step.interval;
  for (Figure* figure : {&line.pace, &line.pace_per_npu, &line.mfu})
    figure->interval = {figure->value * line.step.value / high, figure->value * line.step.value / low};
  return line;
}

/// [figure] of the study.
std::vector<Figure> studied(const UncertainAnswer& study, Headline line) {
  std::vector<Figure> figures;
  for (const Studied which : study.figures) figures.push_back(figure_of(which, line));
  return figures;
}

/// Memory by part on the NPU that is fullest.
void add_memory_figures(const TrainingAnswer& answer, Result& result) {
  const models::RankMemory& fullest = answer.fullest();
  const auto add = [&](const char* key, Bytes bytes, const char* meaning) {
    result.figures.push_back({std::string{"memory_bytes."} + key, bytes.in(unit::B), "B", meaning});
  };
  add("weights", fullest.weights, "on the fullest NPU: as the kernels read them");
  add("gradients", fullest.gradients, "on the fullest NPU: accumulated over microbatches");
  add("optimizer", fullest.optimizer, "on the fullest NPU: master weights and moments that it owns");
  add("activations", fullest.activations, "on the fullest NPU: kept for the backward passes in flight");
  add("buffers", fullest.buffers, "on the fullest NPU: tokens and activations on their way");
  add("total", fullest.total(), "on the fullest NPU: all of these");
  add("capacity", answer.capacity, "of one NPU's memory; of several chips' the smallest");
}

void add_step(const TrainingAnswer& answer, const Headline& line, Result& result) {
  for (const Figure& figure : {line.step, line.pace, line.pace_per_npu, line.mfu})
    result.figures.push_back(figure);
  const auto& by_cause = answer.by_cause;
  for (std::size_t c = 0; c < by_cause.causes.size(); ++c)
    result.figures.push_back({"breakdown_s." + key_of(by_cause.causes[c]), seconds(by_cause.mean[c]), "s",
                              meaning_of(by_cause.causes[c]) + "; mean over NPUs"});
  for (const auto& [name, meaning, time] : models::Phases::fields())
    result.figures.push_back({"phases_s." + std::string{name}, seconds(answer.phases.*time), "s",
                              std::string{meaning} + "; mean over NPUs"});
  add_memory_figures(answer, result);
  add_step_tables(answer, result);
  add_timing_basis(answer.timings, result);
  if (answer.expert_loads) add_expert_loads(*answer.expert_loads, result);
}

/// The figures of reliability, around its own those that may be uncertain.
void add_lifetime(const ReliabilityAnswer& answer, const Headline& line, Result& result) {
  result.figures.push_back(*line.goodput);
  add_reliability(answer, result);
  result.figures.push_back(*line.effective_pace);
  if (line.time_to_train) result.figures.push_back(*line.time_to_train);
}

/// What takes most of the step, and what most of the time that is no computation.
std::string bound_of(const TrainingAnswer& answer) {
  const auto& by_cause = answer.by_cause;
  const Seconds step = answer.step;
  std::size_t loss = by_cause.causes.size();
  Seconds compute;
  for (std::size_t c = 0; c < by_cause.causes.size(); ++c) {
    if (by_cause.causes[c] == "compute") {
      compute = by_cause.mean[c];
      continue;
    }
    if (loss == by_cause.causes.size() || by_cause.mean[c] > by_cause.mean[loss]) loss = c;
  }
  Seconds of_bound[3];
  for (const StepKernel& kernel : answer.kernels)
    if (const auto& [use, calls] = kernel.count; !use.name.starts_with("optimizer"))
      of_bound[static_cast<std::size_t>(use.time.bound)] += calls * use.time.time;
  const Seconds all = of_bound[0] + of_bound[1] + of_bound[2];
  std::string sentence = "Computation takes " + percent_text(compute / step) + " of the step (" +
                         percent_text(of_bound[0] / all) + " of it in kernels bound by the matrix units, " +
                         percent_text(of_bound[1] / all) + " by memory, " + percent_text(of_bound[2] / all) +
                         " by launches)";
  if (loss < by_cause.causes.size())
    sentence += "; the largest loss is " + by_cause.causes[loss] + " (" +
                percent_text(by_cause.mean[loss] / step) + ")";
  return sentence + ".";
}

std::string step_sentence(const TrainingAnswer& answer) {
  return "A step of " + answer.model + " on " + answer.system + " takes " + text(answer.step) + ": " +
         si(answer.pace().in(unit::Hz)) + " tokens/s at " + percent_text(answer.mfu) + " MFU (" +
         precision_of(answer) + " peak). " + bound_of(answer);
}

std::string sentence(const StepInterval& interval) {
  return "If kernels are off by the error that their timings are expected to have, it takes " +
         text(interval.fast) + " to " + text(interval.slow) + ".";
}

/// A sentence on each thing that the answer knows.
std::string verdict(const TrainingAnswer& answer, const Headline& line) {
  std::vector<std::string> sentences{step_sentence(answer)};
  if (answer.step_interval) sentences.push_back(sentence(with_faults(answer)));
  if (answer.slowdown) sentences.push_back(sentence(*answer.slowdown));
  if (answer.jitter) sentences.push_back(sentence(*answer.jitter));
  sentences.push_back(sentence(answer.bill));
  if (answer.reliability) sentences.push_back(sentence(*answer.reliability));
  if (answer.uncertainty)
    sentences.push_back(sentence(*answer.uncertainty, studied(*answer.uncertainty, line).back()));
  std::string all;
  for (const std::string& one : sentences) all += (all.empty() || one.empty() ? "" : " ") + one;
  return all;
}

}  // namespace

Result result_of(const TrainingAnswer& answer) {
  const Headline line = headline(answer);
  Result result;
  add_extent(answer.extent, result);
  add_step(answer, line, result);
  add_traffic(answer.traffic, result);
  if (answer.network) add_network(*answer.network, result);
  if (answer.faults) add_faults(*answer.faults, result);
  if (answer.slowdown) add_slowdown(*answer.slowdown, result);
  if (answer.jitter) add_jitter(*answer.jitter, result);
  add_bill(answer.bill, result);
  if (answer.reliability) add_lifetime(*answer.reliability, line, result);
  add_energy(answer.energy, result);
  if (answer.uncertainty) add_uncertainty(*answer.uncertainty, studied(*answer.uncertainty, line), result);
  result.verdict = verdict(answer, line);
  return result;
}

}  // namespace superpod::scenarios
