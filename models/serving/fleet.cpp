#include "models/serving/fleet.hpp"

#include <algorithm>

#include "models/random/random.hpp"
#include "models/serving/instances.hpp"
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

const Platform nothing;

/// The run while it goes on.
class Service {
 public:
  Service(const Fleet& fleet, const Handover* handover, const Demand& demand)
      : demand_{demand},
        handover_{handover},
        writing_rules_{handover ? handover->decode.rules : fleet.rules},
        stream_{demand.requests, {.seed = demand.seed}, demand.trace},
        simulation_{handover ? handover->routes.platform() : nothing, Ended::forgotten},
        first_{fleet, demand.seed, simulation_, [this](const RequestEvent& event) { hear(event); }} {
    first_.when_finished = [this] { let_others_in(); };
    if (!handover) return;
    second_.emplace(handover->decode, demand.seed, simulation_,
                    [this](const RequestEvent& event) { hear_of_decoding(event); });
    second_->when_finished = [this] { let_others_in(); };
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
    run_.totals = first_.totals();
    if (second_) run_.decode = second_->totals();
    return std::move(run_);
  }

 private:
  struct Flight {
    ServedRequest served;
    bool counts = false;
  };

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

  /// For each that has ended, where a client keeps so many in flight.
  void let_others_in() {
    for (; closed_ && ended_ > 0; --ended_) let_in();
  }

  void take(const Request& request) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(in_flight_.size()));
      in_flight_.emplace_back();
    }
    const std::uint32_t id = free_.back();
    free_.pop_back();
    in_flight_[id] = {{.request = request, .admitted = {}, .first_token = {}, .finished = {}},
                      taken_++ >= demand_.requests.warm_up};
    ServedRequest& its = in_flight_[id].served;
    its.request.arrival = simulation_.now();  // which the clock may have rounded
    its.instance = first_.choose();
    first_.submit(its.instance, {.id = id,
                                 .input_tokens = request.input_tokens,
                                 .output_tokens = second_ ? 1 : request.output_tokens});
  }

  /// What happens where prompts are read.
  void hear(const RequestEvent& event) {
    ServedRequest& its = in_flight_[event.id].served;
    if (event.kind == RequestEvent::Kind::admitted) its.admitted = event.date;
    if (event.kind == RequestEvent::Kind::first_token) its.first_token = event.date;
    if (event.kind != RequestEvent::Kind::finished) return;
    if (second_ && its.request.output_tokens > 1)
      hand_over(event);
    else
      finish(event);
  }

  void hear_of_decoding(const RequestEvent& event) {
    if (event.kind == RequestEvent::Kind::admitted) in_flight_[event.id].served.decode_admitted = event.date;
    if (event.kind == RequestEvent::Kind::finished) finish(event);
  }

  void finish(const RequestEvent& event) {
    Flight& flight = in_flight_[event.id];
    show(flight.served, event.date);
    if (flight.counts) count(flight.served);
    free_.push_back(event.id);
    ++ended_;
  }

  /// The dates as a user sees them: tokens leave the engine that writes them, in groups, and then the client.
  void show(ServedRequest& its, Seconds finished) const {
    if (its.decoded_by >= 0) its.handover = its.handed_over - its.first_token;
    const double gaps = its.request.output_tokens - 1, hidden = writing_rules_.stream_interval.value - 1;
    if (hidden > 0 && gaps > 0)
      its.first_token += std::min(1.0, hidden / gaps) * (finished - its.first_token);
    its.first_token += demand_.client_overhead;
    its.finished = finished + demand_.client_overhead;
  }

  void hand_over(const RequestEvent& event) {
    ServedRequest& its = in_flight_[event.id].served;
    its.decoded_by = second_->choose();
    const RouteId route =
        handover_->routes.route(first_.next_group(its.instance), second_->next_group(its.decoded_by));
    const Bytes all = handover_->flow(its.request.input_tokens);
    Bytes left = all;
    if (handover_->layerwise)
      left = std::max(all / handover_->layers,
                      all - (event.date - its.admitted) * handover_->routes.idle_rate(route));
    const TaskId task =
        simulation_.add({.amount = left.in(unit::B), .target = route, .kind = TaskGraph::Kind::move});
    simulation_.when_ended(task, [this, id = event.id, date = event.date] { receive(id, date); });
  }

  void receive(std::uint32_t id, Seconds first_token) {
    ServedRequest& its = in_flight_[id].served;
    its.handed_over = simulation_.now();
    second_->submit(its.decoded_by, {.id = id,
                                     .input_tokens = its.request.input_tokens,
                                     .output_tokens = its.request.output_tokens,
                                     .cached = true,
                                     .first_token = first_token});
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
    if (served.decoded_by >= 0) {
      sum.handover.add(served.handover);
      sum.decode_queue.add(served.decode_admitted - served.handed_over);
    }
    if (served.request.output_tokens > 1) sum.tpot.add(served.tpot());
    if (!demand_.slo || keeps(served, *demand_.slo)) sum.kept += 1;
    if (run_.first.size() < most_told) run_.first.push_back(served);
  }

  const Demand& demand_;
  const Handover* handover_;
  const ServingEngine& writing_rules_;
  RequestStream stream_;
  Request next_;
  Simulation simulation_;
  Instances first_;
  std::optional<Instances> second_;
  std::vector<Flight> in_flight_;
  std::vector<std::uint32_t> free_;
  std::int64_t taken_ = 0;
  int ended_ = 0;
  bool closed_ = false;
  FleetRun run_;
};

}  // namespace

FleetRun serve(const Fleet& fleet, const Demand& demand, Clock clock) {
  return Service{fleet, nullptr, demand}.run(clock);
}

FleetRun serve(const Fleet& prefill, const Handover& handover, const Demand& demand, Clock clock) {
  return Service{prefill, &handover, demand}.run(clock);
}

}  // namespace superpod::models
