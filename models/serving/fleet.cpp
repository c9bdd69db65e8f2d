#include "models/serving/fleet.hpp"

#include <algorithm>

#include "models/random/random.hpp"
#include "models/serving/requests/request_stream.hpp"
#include "sim/engine/simulation.hpp"
#include "sim/platform/platform.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

bool keeps(const ServedRequest& served, const ServiceLevel& level) {
  return (!level.ttft || served.ttft() <= *level.ttft) && (!level.tpot || served.tpot() <= *level.tpot) &&
         (!level.e2e || served.e2e() <= *level.e2e);
}

void add(const InstanceTotals& its, InstanceTotals& sum) {
  sum.iterations += its.iterations, sum.decoding_iterations += its.decoding_iterations;
  sum.preemptions += its.preemptions, sum.admitted += its.admitted;
  sum.prompt_tokens += its.prompt_tokens, sum.output_tokens += its.output_tokens;
  sum.most_running = std::max(sum.most_running, its.most_running);
  sum.busy += its.busy, sum.parts += its.parts;
  sum.request_time += its.request_time, sum.cache_time += its.cache_time;
  sum.token_gaps.add(its.token_gaps);
}

/// The run while it goes on.
class Service {
 public:
  Service(const Fleet& fleet, const Demand& demand)
      : fleet_{fleet},
        demand_{demand},
        stream_{demand.requests, {.seed = demand.seed}, demand.trace},
        choice_{demand.seed, choice_words},
        simulation_{nothing_} {
    for (int i = 0; i < fleet.instances; ++i)
      instances_.emplace_back(
          Instance::Setting{fleet.rules, fleet.costs, fleet.blocks, fleet.ranks, fleet.stepping});
    awaited_.resize(instances_.size());
  }

  FleetRun run(Clock clock) {
    if (const auto* closed = std::get_if<ClosedLoad>(&demand_.requests.load)) {
      closed_ = true;
      simulation_.at({}, [this, n = closed->concurrency] {
        for (int i = 0; i < n; ++i) let_in();
      });
    } else {
      expect_next();
    }
    simulation_.run(clock);
    run_.makespan = simulation_.now();
    for (const Instance& instance : instances_) add(instance.totals(), run_.totals);
    return std::move(run_);
  }

 private:
  static constexpr std::uint32_t choice_words[] = {0x726f7574};

  void expect_next() {
    if (const auto next = stream_.next()) {
      next_ = *next;  // beside the call, which then needs no memory of its own
      simulation_.at(next_.arrival, [this] {
        take(next_);
        expect_next();
      });
    }
  }

  void let_in() {
    if (const auto next = stream_.next_at(simulation_.now())) take(*next);
  }

  void take(const Request& request) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(in_flight_.size()));
      in_flight_.emplace_back();
    }
    const std::uint32_t id = free_.back();
    free_.pop_back();
    const int chosen = instance_for();
    in_flight_[id] = {{request, {}, {}, {}, chosen}, taken_++ >= demand_.requests.warm_up};
    in_flight_[id].served.request.arrival = simulation_.now();  // which the clock may have rounded
    instances_[index(chosen)].submit({id, request.input_tokens, request.output_tokens}, simulation_.now());
    go_on(chosen);
  }

  int instance_for() {
    const auto any = [&] { return static_cast<int>(choice_.below(instances_.size())); };
    const auto load = [&](int i) { return instances_[index(i)].running() + instances_[index(i)].waiting(); };
    switch (fleet_.router) {
      case Router::round_robin:
        return static_cast<int>(taken_ % fleet_.instances);
      case Router::random:
        return any();
      case Router::power_of_two: {
        const int a = any(), b = any();
        return load(b) < load(a) ? b : a;
      }
      case Router::least_requests:
        break;
    }
    int least = 0;
    for (int i = 1; i < fleet_.instances; ++i)
      if (load(i) < load(least)) least = i;
    return least;
  }

  /// The instance begins what it can, and is heard of again when that is over.
  void go_on(int i) {
    Instance& instance = instances_[index(i)];
    instance.begin(simulation_.now());
    const Seconds end = instance.end();
    if (end == never || end == awaited_[index(i)].end) return;
    Awaited& awaited = awaited_[index(i)];
    awaited.end = end;
    simulation_.at(end, [this, i, number = ++awaited.number] {
      if (awaited_[index(i)].number == number) finish(i);  // else a request that came cut the stretch
    });
  }

  void finish(int i) {
    awaited_[index(i)].end = never;
    int ended = 0;
    for (const RequestEvent& event : instances_[index(i)].finish()) {
      ServedRequest& its = in_flight_[event.id].served;
      if (event.kind == RequestEvent::Kind::admitted) its.admitted = event.date;
      if (event.kind == RequestEvent::Kind::first_token)
        its.first_token = event.date + demand_.client_overhead;
      if (event.kind != RequestEvent::Kind::finished) continue;
      its.finished = event.date + demand_.client_overhead;
      if (in_flight_[event.id].counts) count(its);
      free_.push_back(event.id);
      ++ended;
    }
    for (; closed_ && ended > 0; --ended) let_in();
    go_on(i);
  }

  void count(const ServedRequest& served) {
    ServiceMeasures& sum = run_.measures;
    sum.begin = sum.requests == 0 ? served.request.arrival : std::min(sum.begin, served.request.arrival);
    sum.end = std::max(sum.end, served.finished);
    sum.requests += 1;
    sum.input_tokens += served.request.input_tokens;
    sum.output_tokens += served.request.output_tokens;
    sum.ttft.add(served.ttft());
    sum.e2e.add(served.e2e());
    sum.queue.add(served.admitted - served.request.arrival);
    if (served.request.output_tokens > 1) sum.tpot.add(served.tpot());
    if (!demand_.slo || keeps(served, *demand_.slo)) sum.kept += 1;
    if (run_.first.size() < most_told) run_.first.push_back(served);
  }

  /// When an instance's stretch ends, and which of the calls for it counts.
  struct Awaited {
    Seconds end = never;
    std::uint32_t number = 0;
  };
  struct Flight {
    ServedRequest served;
    bool counts = false;
  };
  const Fleet& fleet_;
  const Demand& demand_;
  RequestStream stream_;
  Request next_;
  Random choice_;
  Platform nothing_;
  Simulation simulation_;
  std::vector<Instance> instances_;
  std::vector<Awaited> awaited_;  // [instance]
  std::vector<Flight> in_flight_;
  std::vector<std::uint32_t> free_;
  std::int64_t taken_ = 0;
  bool closed_ = false;
  FleetRun run_;
};

}  // namespace

FleetRun serve(const Fleet& fleet, const Demand& demand, Clock clock) {
  return Service{fleet, demand}.run(clock);
}

}  // namespace superpod::models
