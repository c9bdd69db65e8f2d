#include "scenarios/answers/reliability_result.hpp"

#include <string>
#include <vector>

#include "scenarios/text/parameters.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

constexpr Seconds thirty_days{30.0 * 86400};

/// One line of the table.
struct Part {
  std::string part, kind;
  double events = 0;
  double share = 0;  // of the elapsed time
};

double failures(Hertz rate, Seconds time) { return rate.in(unit::Hz)*time.in(unit::s); }

/// Kinds of parts that fail: each is charged the rework and the recovery after its failures.
std::vector<Part> components(const models::Goodput& found, Seconds elapsed) {
  const models::FailureRates& rates = found.rates;
  const double after_failures = found.lost.rework + found.lost.recovery;
  std::vector<Part> parts;
  const auto add = [&](const char* name, Hertz rate) {
    if (rate > Hertz{})
      parts.push_back({name, "component", failures(rate, elapsed), rate / rates.total() * after_failures});
  };
  add("NPUs", rates.npus);
  add("hosts", rates.hosts);
  add("network", rates.network);
  add("optical modules", rates.optical_modules);
  add("software", rates.software);
  return parts;
}

/// What the time is lost to. How often no spare host is left: to first order each such time lasts until the
/// first of spares + 1 repairs ends.
std::vector<Part> losses(const models::Goodput& found, const models::Reliability& reliability, Seconds work,
                         Seconds elapsed) {
  const double all = failures(found.rates.total(), elapsed);
  std::vector<Part> parts{
      {"checkpoints", "loss", work / found.interruptions.interval, found.lost.checkpoints},
      {"rework", "loss", all, found.lost.rework},
      {"recovery", "loss", all, found.lost.recovery}};
  if (found.lost.waiting > 0)
    parts.push_back({"waiting for repair", "loss",
                     found.lost.waiting * (elapsed / reliability.repair.value) * (found.spares + 1),
                     found.lost.waiting});
  return parts;
}

analysis::Table table(const std::vector<Part>& parts, Seconds elapsed, const std::string& of_what) {
  std::vector<std::string> names, kinds;
  std::vector<double> between, events, lost, share;
  for (const Part& part : parts) {
    names.push_back(part.part), kinds.push_back(part.kind);
    between.push_back(elapsed.in(unit::s) / part.events), events.push_back(part.events);
    lost.push_back(part.share * elapsed.in(unit::s)), share.push_back(part.share);
  }
  return {"reliability",
          "part",
          "what fails and what the time is lost to, on average, in " + of_what +
              "; lost times of components are those of rework and recovery once more",
          {{"part", "", "component that fails, or kind of loss", names},
           {"kind", "", "component or loss", kinds},
           {"mtbf_s", "s", "mean time between its events, of all parts of the kind together", between},
           {"events", "", "failures; of losses: how often it happens", events},
           {"lost_s", "s", "elapsed time in which nothing new is learnt", lost},
           {"share", "", "lost_s over the elapsed time", share}}};
}

/// The largest of the losses, in words.
std::string largest_loss(const models::LostShares& lost) {
  const char* name = "checkpoints";
  double most = lost.checkpoints;
  for (const auto& [other, share] :
       {std::pair{"work done again", lost.rework}, std::pair{"recovery", lost.recovery},
        std::pair{"waiting for repair", lost.waiting}})
    if (share > most) name = other, most = share;
  return std::string{name} + " (" + percent_text(most) + ")";
}

}  // namespace

void add_reliability(const models::Reliability& reliability, const models::TrainingCluster& cluster,
                     const std::optional<Seconds>& work, analysis::Result& result) {
  const models::Goodput found = models::goodput(reliability, cluster);
  const models::Interruptions& times = found.interruptions;
  const Seconds useful = work.value_or(thirty_days * found.share());
  const Seconds elapsed = useful / found.share();
  const auto add = [&](const char* key, double value, const char* unit, const char* meaning) {
    result.figures.push_back({key, value, unit, meaning});
  };
  const auto seconds = [](Seconds time) { return time.in(unit::s); };
  add("goodput", found.share(), "",
      "share of the elapsed time in which training learns something new: without checkpoints, work done "
      "again, "
      "recovery and waiting for repair");
  add("reliability.mtbf_s", seconds(times.mtbf), "s",
      "mean time between failures of any part of the cluster");
  add("reliability.checkpoint_s", seconds(times.checkpoint), "s", "training stands still for one checkpoint");
  add("reliability.checkpoint_interval_s", seconds(times.interval), "s", "work between checkpoints");
  add("reliability.young_interval_s", seconds(models::young_interval(times.checkpoint, times.mtbf)), "s",
      "work between checkpoints by Young's formula");
  add("reliability.daly_interval_s", seconds(models::daly_interval(times.checkpoint, times.mtbf)), "s",
      "work between checkpoints by Daly's formula");
  add("reliability.hosts", found.hosts, "", "hosts that train");
  add("reliability.spares", found.spares, "", "spare hosts beside these");
  add("reliability.spare_npus", static_cast<double>(found.spares) * reliability.npus_per_host, "",
      "NPUs of the spare hosts");

  std::vector<Part> parts = components(found, elapsed);
  for (Part& part : losses(found, reliability, useful, elapsed)) parts.push_back(std::move(part));
  result.tables.push_back(table(parts, elapsed, work ? "the whole training" : "30 days"));
  result.verdict += " Something fails every " + text(times.mtbf) + "; " + percent_text(found.share()) +
                    " of the time is goodput with a checkpoint every " + text(times.interval) + " and " +
                    std::to_string(found.spares) + " spare hosts; the largest part of the rest is " +
                    largest_loss(found.lost) + ".";
}

models::TrainingCluster training_cluster(const analysis::Result& result) {
  const auto value = [&](const char* key) { return result.figure(key)->value; };
  return {.npus = value("npus"),
          .state = Bytes{value("memory_bytes.optimizer")},
          .optical_modules = result.figure("optical_modules") != nullptr ? value("optical_modules") : 0,
          .step = Seconds{value("step_time_s")}};
}

void add_reliability(const models::Reliability& reliability, analysis::Result& result) {
  const double pace = result.figure("tokens_per_s")->value;
  std::optional<Seconds> work;
  if (reliability.tokens) work = Seconds{*reliability.tokens / pace};
  add_reliability(reliability, training_cluster(result), work, result);
  const double goodput = result.figure("goodput")->value;
  result.figures.push_back({"effective_tokens_per_s", pace * goodput, "1/s", "tokens_per_s times goodput"});
  if (!work) return;
  result.figures.push_back({"time_to_train_s", work->in(unit::s) / goodput, "s",
                            "elapsed time of the training: its tokens over effective_tokens_per_s"});
  result.verdict += " " + si(*reliability.tokens) + " tokens take " + text(*work / goodput) + ".";
}

}  // namespace superpod::scenarios
