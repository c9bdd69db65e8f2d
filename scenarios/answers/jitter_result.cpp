#include "scenarios/answers/jitter_result.hpp"

#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {

void add_jitter(const JitterAnswer& answer, analysis::Result& result) {
  const models::JitteredStep& step = answer.step;
  const auto seconds = [](Seconds time) { return time.in(unit::s); };
  const std::string interval =
      "; 5 to 95 % of all steps lie in the interval, of fewer than 19 drawn: all of these";
  result.figures.push_back(
      {"jitter.step_time_s", seconds(step.mean), "s",
       "step in which each NPU is as fast as chance makes it, mean over the steps drawn" + interval,
       std::pair{seconds(step.low), seconds(step.high)}});
  result.figures.push_back({"jitter.standard_error_s", seconds(step.standard_error), "s",
                            "of jitter.step_time_s, as a mean over draws"});
  result.figures.push_back({"jitter.slowdown", step.mean / step.plain, "",
                            "jitter.step_time_s over the step in which all NPUs are equally fast" + interval,
                            std::pair{step.low / step.plain, step.high / step.plain}});
  std::vector<double> times;
  for (const Seconds one : step.steps) times.push_back(seconds(one));
  result.tables.push_back({"jitter",
                           "jittered_step",
                           "steps in which each NPU is as fast as chance makes it",
                           {{"step_time", "s", "of one draw of all NPUs", times}}});
}

std::string sentence(const JitterAnswer& answer) {
  const auto& [jitter, step] = answer;
  const std::string distribution{
      words(jitter.distribution)[static_cast<std::size_t>(jitter.distribution)].first};
  return "With NPUs whose speeds differ by " + percent_text(jitter.spread) + " (" + distribution +
         ", drawn anew for each step) it takes " + text(step.mean) + " on average, " +
         percent_text(step.mean / step.plain - 1) + " more; 5 to 95 % of steps take " + text(step.low) +
         " to " + text(step.high) + ".";
}

}  // namespace superpod::scenarios
