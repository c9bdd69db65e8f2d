/// The engines of one pool on the clock of a run.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/random/random.hpp"
#include "models/serving/engine/instance.hpp"
#include "models/serving/serving.hpp"
#include "sim/engine/simulation.hpp"

namespace superpod::models {

/// Instances that are alike, in costs that they share.
struct Fleet {
  const ServingEngine& rules;
  IterationCosts& costs;
  std::int64_t blocks = 0;  ///< of each rank's cache
  int ranks = 1;            ///< of attention data parallelism, in each instance
  int instances = 1;
  Router router = Router::round_robin;
  Stepping stepping = Stepping::jumps;
};

/// Chooses instances for requests, and lets them work: the end of each stretch is a date of the clock.
class Instances {
 public:
  using Hear = std::function<void(const RequestEvent&)>;
  /// The simulation, and what the fleet refers to, must outlive it. `hear` hears what happens to requests;
  /// it does not submit any.
  Instances(const Fleet& fleet, std::int64_t seed, Simulation& simulation, Hear hear);

  /// Called when all has been heard of a date at which requests have finished; may submit others.
  std::function<void()> when_finished;

  int choose();
  /// Each instance takes requests in one after the other (HostWork::admission); those that were read
  /// elsewhere need no more.
  void submit(int instance, const Incoming& request);

  /// Groups of an instance take turns: numbers over all instances.
  std::int64_t next_group(int instance);

  [[nodiscard]] InstanceTotals totals() const;

 private:
  /// When an instance's stretch ends, and which of the calls for it counts.
  struct Awaited {
    Seconds end;
    std::uint32_t number = 0;
  };
  void give(int instance, const Incoming& request);
  [[nodiscard]] int load(int instance) const;
  int any() { return static_cast<int>(choice_.below(instances_.size())); }
  void go_on(int instance);
  void finish(int instance);

  const Fleet fleet_;
  Simulation& simulation_;
  Hear hear_;
  Random choice_;
  std::vector<Instance> instances_;
  std::vector<Awaited> awaited_;          // [instance]
  std::vector<Seconds> taking_in_until_;  // [instance] requests that came before
  std::vector<std::int64_t> groups_;      // [instance] turns so far
  std::int64_t chosen_ = 0;
};

}  // namespace superpod::models
