#include "models/lifetime/reliability.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "sim/values/quantity_text.hpp"

namespace superpod::models {
namespace {

Hertz rate(double parts, Seconds mtbf) { return Hertz{parts / mtbf.in(unit::s)}; }

/// ln of P(X = k) for X ~ Binomial(n, q).
double log_probability(double n, double k, double q) {
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) + k * std::log(q) +
         (n - k) * std::log1p(-q);
}

/// Sum of P(X = k) from `first` on, up or down; the terms fall from there.
double sum_from(double n, double first, double q, int direction) {
  constexpr double negligible = 1e-17;
  const double odds = q / (1 - q);
  double term = std::exp(log_probability(n, first, q)), sum = 0;
  for (double k = first; k >= 0 && k <= n && term > negligible * sum; k += direction) {
    sum += term;
    term *= direction > 0 ? (n - k) / (k + 1) * odds : k / (n - k + 1) / odds;
  }
  return sum;
}

}  // namespace

double hosts(const Reliability& reliability, double npus) {
  return std::ceil(npus / reliability.npus_per_host);
}

FailureRates failure_rates(const Reliability& reliability, const TrainingCluster& cluster) {
  const double in_hosts = hosts(reliability, cluster.npus);
  FailureRates rates{.npus = rate(cluster.npus, reliability.npu_mtbf.value),
                     .hosts = rate(in_hosts, reliability.host_mtbf.value),
                     .network = rate(cluster.npus, reliability.network_mtbf.value),
                     .optical_modules = {},
                     .software = rate(in_hosts, reliability.software_mtbf.value)};
  if (reliability.optical_module_mtbf)
    rates.optical_modules = rate(cluster.optical_modules, reliability.optical_module_mtbf->value);
  return rates;
}

Seconds checkpoint_time(const Reliability& reliability, const TrainingCluster& cluster) {
  return reliability.checkpoint ? reliability.checkpoint->value
                                : cluster.state / reliability.checkpoint_bandwidth.value;
}

Seconds young_interval(Seconds checkpoint, Seconds mtbf) {
  return Seconds{std::sqrt(2 * checkpoint.in(unit::s)*mtbf.in(unit::s))};
}

Seconds daly_interval(Seconds checkpoint, Seconds mtbf) {
  if (checkpoint >= 2 * mtbf) return mtbf;
  const double ratio = checkpoint / (2 * mtbf);
  return young_interval(checkpoint, mtbf) * (1 + std::sqrt(ratio) / 3 + ratio / 9) - checkpoint;
}

Seconds best_interval(Seconds checkpoint, Seconds mtbf) {
  constexpr double least = 1e-9;
  const double d = checkpoint / mtbf;
  double x =
      1;  // the minimum lies below; the function is concave and falls, so that each step stays above it
  constexpr int enough = 100;
  for (int i = 0; i < enough; ++i) {
    const double failed = -std::expm1(-(x + d));
    const double next = x + (failed - x) / failed;
    if (!(next < x)) break;
    x = next;
  }
  return std::max(x, least) * mtbf;
}

Seconds expected_time(Seconds work, const Interruptions& of) {
  const double per_interval =
      std::exp(of.recovery / of.mtbf) * std::expm1((of.interval + of.checkpoint) / of.mtbf);
  return work / of.interval * per_interval * of.mtbf;
}

LostShares lost_shares(const Interruptions& of, double waiting) {
  const double span = (of.interval + of.checkpoint) / of.mtbf, failed = std::expm1(span);
  const double recovered = std::exp(-(of.recovery / of.mtbf));
  const Seconds elapsed = expected_time(of.interval, of);  // infinite where it is beyond a double
  const double rest = 1 - waiting;
  return {.checkpoints = rest * (of.checkpoint / elapsed),
          .rework = rest * recovered * (1 - span / failed),
          .recovery = rest * (1 - recovered),
          .waiting = waiting,
          .goodput = rest * (of.interval / elapsed)};
}

double waiting_share(double hosts, int spares, double unavailability) {
  const double n = hosts + spares;
  if (unavailability <= 0 || hosts <= 0) return 0;
  if (unavailability >= 1) return 1;
  if (spares + 1 > n * unavailability) return sum_from(n, spares + 1, unavailability, +1);
  return std::max(0.0, 1 - sum_from(n, spares, unavailability, -1));
}

int spares_for(double hosts, double unavailability, double bound) {
  int too_few = -1, enough = 0;
  constexpr int most = 1 << 30;
  while (enough < most && waiting_share(hosts, enough, unavailability) > bound) {
    too_few = enough;
    enough = std::min(2 * enough + 1, most);
  }
  while (enough - too_few > 1) {
    const int middle = too_few + (enough - too_few) / 2;
    (waiting_share(hosts, middle, unavailability) > bound ? too_few : enough) = middle;
  }
  return enough;
}

double unavailability(const Reliability& reliability, const TrainingCluster& cluster) {
  const double away = failure_rates(reliability, cluster).repaired().in(unit::Hz) /
                      hosts(reliability, cluster.npus) * reliability.repair.value.in(unit::s);
  return away / (1 + away);
}

Goodput goodput(const Reliability& reliability, const TrainingCluster& cluster) {
  Goodput found;
  found.rates = failure_rates(reliability, cluster);
  found.hosts = hosts(reliability, cluster.npus);
  const Seconds mtbf{1 / found.rates.total().in(unit::Hz)};
  const Seconds checkpoint = checkpoint_time(reliability, cluster);
  const Seconds interval = reliability.checkpoint_interval
                               ? reliability.checkpoint_interval->value
                               : std::max(best_interval(checkpoint, mtbf), cluster.step);
  found.interruptions = {mtbf, checkpoint, interval, reliability.recovery.value};
  const double away = unavailability(reliability, cluster);
  found.spares = reliability.spares.value_or(spares_for(found.hosts, away, reliability.waiting));
  found.lost = lost_shares(found.interruptions, waiting_share(found.hosts, found.spares, away));
  return found;
}

std::vector<topology::Flaw> flaws(const Reliability& reliability, const TrainingCluster& cluster) {
  constexpr double most_of_the_time = 0.5;
  if (unavailability(reliability, cluster) > most_of_the_time)
    return {{"repair", "each host fails so often that it is away for more than half of its time",
             "a shorter repair, or longer times between failures: npu_mtbf, host_mtbf, network_mtbf"}};
  const Goodput found = goodput(reliability, cluster);
  if (found.share() >= least_goodput) return {};
  const Interruptions& times = found.interruptions;
  return {{reliability.checkpoint_interval && times.interval > times.recovery ? "checkpoint_interval"
           : reliability.checkpoint && times.checkpoint > times.recovery      ? "checkpoint"
                                                                              : "recovery",
           "the training never gets on: something fails every " + text(times.mtbf) + ", a recovery takes " +
               text(times.recovery) + ", and work goes on for " + text(times.interval) +
               " until a checkpoint of " + text(times.checkpoint),
           "all of these together must fit between two failures"}};
}

Seconds time_to_train(double steps, Seconds step, double goodput) { return steps * step / goodput; }

}  // namespace superpod::models
