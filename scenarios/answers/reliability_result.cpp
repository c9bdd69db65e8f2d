#include "scenarios/answers/reliability_result.hpp"

#include <string>
#include <vector>

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
  std::vector<Part> parts;
  if (const double checkpoints = work / found.interruptions.interval; checkpoints > 0)
    parts.push_back({"checkpoints", "loss", checkpoints, found.lost.checkpoints});
  parts.push_back({"rework", "loss", all, found.lost.rework});
  parts.push_back({"recovery", "loss", all, found.lost.recovery});
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
           {"share", "", "lost_s over the elapsed time", share}},
          analysis::View::losses};
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

std::optional<Seconds> ReliabilityAnswer::work() const {
  if (!reliability.tokens) return std::nullopt;
  return Seconds{*reliability.tokens / pace.in(unit::Hz)};
}

std::optional<Seconds> ReliabilityAnswer::time_to_train() const {
  const auto uninterrupted = work();
  if (!uninterrupted || !gets_on()) return std::nullopt;
  return *uninterrupted / goodput.share();
}

ReliabilityAnswer reliability_of(const models::Reliability& reliability,
                                 const models::TrainingCluster& cluster, Hertz pace) {
  return {reliability, cluster, models::goodput(reliability, cluster), pace};
}

analysis::Figure goodput_figure(const ReliabilityAnswer& answer) {
  return {"goodput", answer.goodput.share(), "",
          "share of the elapsed time in which training learns something new: without checkpoints, work done "
          "again, recovery and waiting for repair"};
}

analysis::Figure pace_figure(const ReliabilityAnswer& answer) {
  return {"effective_tokens_per_s", answer.effective_pace().in(unit::Hz), "1/s",
          "tokens_per_s times goodput"};
}

std::optional<analysis::Figure> time_figure(const ReliabilityAnswer& answer) {
  const auto time = answer.time_to_train();
  if (!time) return std::nullopt;
  return analysis::Figure{"time_to_train_s", time->in(unit::s), "s",
                          "elapsed time of the training: its tokens over effective_tokens_per_s"};
}

void add_reliability(const ReliabilityAnswer& answer, analysis::Result& result) {
  const models::Goodput& found = answer.goodput;
  const models::Interruptions& times = found.interruptions;
  const auto add = [&](const char* key, double value, const char* unit, const char* meaning) {
    result.figures.push_back({std::string{"reliability."} + key, value, unit, meaning});
  };
  const auto seconds = [](Seconds time) { return time.in(unit::s); };
  add("mtbf_s", seconds(times.mtbf), "s", "mean time between failures of any part of the cluster");
  add("checkpoint_s", seconds(times.checkpoint), "s", "training stands still for one checkpoint");
  add("checkpoint_interval_s", seconds(times.interval), "s", "work between checkpoints");
  add("young_interval_s", seconds(models::young_interval(times.checkpoint, times.mtbf)), "s",
      "work between checkpoints by Young's formula");
  add("daly_interval_s", seconds(models::daly_interval(times.checkpoint, times.mtbf)), "s",
      "work between checkpoints by Daly's formula");
  add("hosts", found.hosts, "", "hosts that train");
  add("spares", found.spares, "", "spare hosts beside these");
  add("spare_npus", static_cast<double>(found.spares) * answer.reliability.npus_per_host, "",
      "NPUs of the spare hosts");

  const auto whole = answer.time_to_train();
  const Seconds elapsed = whole.value_or(thirty_days);
  const Seconds useful = elapsed * found.share();
  std::vector<Part> parts = components(found, elapsed);
  for (Part& part : losses(found, answer.reliability, useful, elapsed)) parts.push_back(std::move(part));
  result.tables.push_back(table(parts, elapsed, whole ? "the whole training" : "30 days"));
}

std::string sentence(const ReliabilityAnswer& answer) {
  const models::Interruptions& times = answer.goodput.interruptions;
  std::string words =
      "Something fails every " + text(times.mtbf) + "; " + percent_text(answer.goodput.share()) +
      " of the time is goodput with a checkpoint every " + text(times.interval) + " and " +
      std::to_string(answer.goodput.spares) + " spare hosts; the largest part of the rest is " +
      largest_loss(answer.goodput.lost) + ".";
  if (!answer.gets_on()) words += " The training never gets on.";
  if (const auto time = answer.time_to_train())
    words += " " + si(*answer.reliability.tokens) + " tokens take " + text(*time) + ".";
  return words;
}

}  // namespace superpod::scenarios
