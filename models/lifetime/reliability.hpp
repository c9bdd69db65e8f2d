/// What failures take from a long training run, in closed form.
///
/// A synchronous training stands still when any of its parts fails. Failures come at random, independently of
/// each other (a Poisson process): the rates of all parts add up,
///
///     1 / MTBF = sum over kinds of parts of (number of parts / MTBF of one)
///
/// After each failure the run begins again from the last checkpoint. With an interval t of work between
/// checkpoints that take d each, and r from a failure to the first new step (which may fail, too), the exact
/// mean of the elapsed time of a work W is
///
///     T = W / t * M * exp(r / M) * (exp((t + d) / M) - 1)                M = MTBF
///
/// Source: Daly, "A higher order estimate of the optimum checkpoint interval for restart dumps", Future
///         Generation Computer Systems 22(3), 2006, section 3 (complete cost function).
/// A failed part of hardware takes its host away for the time of its repair; a spare host stands in, and when
/// there is none, all wait (waiting_share).
/// Assumes: one failure stops all NPUs (no elastic training); checkpoints are written while training stands
///          still; failure rates do not change with age; software fails in proportion to the number of hosts.
#pragma once

#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "sim/values/describe.hpp"
#include "sim/values/sourced.hpp"
#include "sim/values/units.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

/// How often parts fail, and what is done about it. The defaults are those of Meta's training of Llama 3
/// 405B: 419 unexpected interruptions in 54 days on 16,384 H100 in hosts of 8 (arXiv 2407.21783, table 5). Of
/// these 58.7 % were GPUs (246), 35 switches and cables, 63 software (bugs 54, watchdogs 7, dependencies 2);
/// the other 75 are counted for hosts.
struct Reliability {
  Sourced<Seconds> npu_mtbf{
      Seconds{86'330.0 * 3600}, Grade::derived, "llama3_report",
      "16,384 GPUs * 54 d / (58.7 % of 419 unexpected interruptions); memory of the GPU included"};
  Sourced<Seconds> host_mtbf{Seconds{35'390.0 * 3600}, Grade::derived, "llama3_report",
                             "2,048 hosts * 54 d / 75: what table 5 counts for neither GPUs, network nor "
                             "software; maintenance included"};
  Sourced<Seconds> network_mtbf{Seconds{606'700.0 * 3600}, Grade::derived, "llama3_report",
                                "16,384 GPUs * 54 d / 35 failures of switches and cables: of the share of "
                                "the network that one NPU has"};
  Sourced<Seconds> software_mtbf{Seconds{42'130.0 * 3600}, Grade::derived, "llama3_report",
                                 "2,048 hosts * 54 d / 63: of the share of one host"};
  std::optional<Sourced<Seconds>> optical_module_mtbf;
  int npus_per_host = 8;
  Sourced<Seconds> recovery{
      Seconds{600}, Grade::published, "ft_hsdp",
      "10 min with 100,000 GPUs; MegaScale: detection and diagnosis < 10 min, caught up, lost "
      "steps included, within 15 min (arXiv 2402.15627, section 6.2)"};
  std::optional<Sourced<Seconds>> checkpoint;
  Sourced<BytesPerSecond> checkpoint_bandwidth{BytesPerSecond{427e6}, Grade::derived, "llama3_report",
                                               "peak of 7 TB/s (sustained: 2 TB/s) over 16,384 GPUs"};
  std::optional<Sourced<Seconds>> checkpoint_interval;
  Sourced<Seconds> repair{
      Seconds{86400}, Grade::assumed, {}, "one day to take a host out, change the part and test it"};
  std::optional<int> spares;
  double waiting = 1e-3;
  std::optional<double> tokens;

  static constexpr std::string_view kind = "reliability";
  static constexpr auto fields() {
    using R = Reliability;
    return std::tuple{
        optional("npu_mtbf", &R::npu_mtbf, "mean time between failures of one NPU", positive),
        optional("host_mtbf", &R::host_mtbf, "of one host, without its NPUs", positive),
        optional(
            "network_mtbf", &R::network_mtbf,
            "of the network, as the share of one NPU: all of it fails as many times as often as it has NPUs",
            positive),
        optional("software_mtbf", &R::software_mtbf, "of the software, as the share of one host", positive),
        optional("optical_module_mtbf", &R::optical_module_mtbf,
                 "of one optical module, where these are not part of network_mtbf", positive),
        optional("npus_per_host", &R::npus_per_host, "NPUs that are repaired and replaced together",
                 between(1, 65536)),
        optional("recovery", &R::recovery,
                 "from a failure to the first new step: detection, diagnosis, restart, loading",
                 not_negative),
        optional("checkpoint", &R::checkpoint,
                 "time that training stands still for one; default: state of the fullest NPU over "
                 "checkpoint_bandwidth",
                 not_negative),
        optional("checkpoint_bandwidth", &R::checkpoint_bandwidth, "writing, of one NPU when all write",
                 positive),
        optional("checkpoint_interval", &R::checkpoint_interval,
                 "work between checkpoints; default: that which loses least, at least a step", positive),
        optional("repair", &R::repair, "time that a host is away after a failure of hardware", not_negative),
        optional("spares", &R::spares, "spare hosts; default: as many as keep the waiting below `waiting`",
                 between(0, 0x1p30)),
        optional("waiting", &R::waiting, "share of time that may be lost to waiting for repair",
                 Range{.low = 1e-12, .high = 1}),
        optional("tokens", &R::tokens, "to train on, for the time to train; default: none is told",
                 positive)};
  }
};

/// Failures per time, of all parts of a kind.
struct FailureRates {
  Hertz npus, hosts, network, optical_modules, software;

  [[nodiscard]] Hertz total() const { return repaired() + software; }
  /// Those that take a host away until it is repaired.
  [[nodiscard]] Hertz repaired() const { return npus + hosts + network + optical_modules; }
};

/// What trains. `state` is what the fullest NPU writes into a checkpoint (its master weights and moments: the
/// part `optimizer` of its memory); `optical_modules` count only where optical_module_mtbf is given; a
/// checkpoint can be written after a `step`, not within.
struct TrainingCluster {
  double npus = 0;
  Bytes state{};
  double optical_modules = 0;
  Seconds step{};
};

/// Hosts that train, spares not counted.
double hosts(const Reliability& reliability, double npus);

FailureRates failure_rates(const Reliability& reliability, const TrainingCluster& cluster);

/// Time that training stands still for one checkpoint.
Seconds checkpoint_time(const Reliability& reliability, const TrainingCluster& cluster);

/// Work between checkpoints that loses least, to first order: sqrt(2 d M).
/// Valid: d much less than M.
/// Source: Young, "A first order approximation to the optimum checkpoint interval", CACM 17(9), 1974.
Seconds young_interval(Seconds checkpoint, Seconds mtbf);

/// The same to higher order: sqrt(2 d M) (1 + sqrt(d / 2M) / 3 + (d / 2M) / 9) - d for d < 2M, else M.
/// Source: Daly 2006 (above): its perturbation solution.
Seconds daly_interval(Seconds checkpoint, Seconds mtbf);

/// The minimum of the exact mean: 1 - t/M = exp(-(t + d)/M), by Newton's method. Not below 1e-9 M: what costs
/// nothing may be written at any time.
Seconds best_interval(Seconds checkpoint, Seconds mtbf);

/// What interrupts a training.
struct Interruptions {
  Seconds mtbf, checkpoint, interval, recovery;
};

/// Mean elapsed time of so much work, if a host is always there; exact (above).
Seconds expected_time(Seconds work, const Interruptions& interruptions);

/// What becomes of the elapsed time: shares in which nothing new is learnt, and what is left.
struct LostShares {
  double checkpoints = 0;  ///< writing those that were completed
  double rework = 0;       ///< work since the last checkpoint, done again
  double recovery = 0;     ///< from failures to the first new steps
  double waiting = 0;      ///< no spare host was left
  double goodput = 1;      ///< in which something new is learnt: what is left, not below 0 in rounding either
};

/// `waiting` is the share of the elapsed time without a host to go on with. The parts of the mean:
///     attempts at an interval that fail   F = exp((t + d) / M) - 1
///     rework = M F - t - d,   recovery = F M (exp(r / M) - 1)
/// Finite whatever the times are: where failures come much faster than recoveries, all is recovery.
LostShares lost_shares(const Interruptions& interruptions, double waiting = 0);

/// Share of time in which less than `hosts` of `hosts + spares` work, when each is away for a share q of its
/// time: the upper tail of a binomial distribution, whatever the distribution of the repair times is.
///     P(X > spares),  X ~ Binomial(hosts + spares, q)
/// Assumes: spares fail as often as those at work; repairs do not wait for each other.
double waiting_share(double hosts, int spares, double unavailability);

/// The fewest spares that keep waiting_share within `bound` > 0; at most 2^30, if no number does.
int spares_for(double hosts, double unavailability, double bound);

/// Share of its time that a host is away: repair / (MTBF of one host with its parts + repair).
double unavailability(const Reliability& reliability, const TrainingCluster& cluster);

struct Goodput {
  FailureRates rates;
  Interruptions interruptions;
  double hosts = 0;  ///< at work
  int spares = 0;    ///< hosts beside these
  LostShares lost;

  [[nodiscard]] double share() const { return lost.goodput; }
};

/// All of it, for at least one NPU. Takes some microseconds.
Goodput goodput(const Reliability& reliability, const TrainingCluster& cluster);

/// With less, a training does not get on: what it learns between two failures is lost in the next.
inline constexpr double least_goodput = 1e-6;

/// Why a training can never get on, or a host is away for more than half of its time: each with the key of
/// the reliability that it concerns. What the cluster does not tell (step, state) counts as nothing.
std::vector<topology::Flaw> flaws(const Reliability& reliability, const TrainingCluster& cluster);

/// steps * step / goodput.
Seconds time_to_train(double steps, Seconds step, double goodput);

}  // namespace superpod::models
