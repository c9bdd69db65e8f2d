#include "models/serving/instances.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

constexpr std::uint32_t choice_words[] = {0x726f7574};
constexpr Seconds idle{std::numeric_limits<double>::infinity()};

}  // namespace

Instances::Instances(const Fleet& fleet, std::int64_t seed, Simulation& simulation, Hear hear)
    : fleet_{fleet}, simulation_{simulation}, hear_{std::move(hear)}, choice_{seed, choice_words} {
  for (int i = 0; i < fleet.instances; ++i)
    instances_.emplace_back(
        Instance::Setting{fleet.rules, fleet.costs, fleet.blocks, fleet.ranks, fleet.stepping});
  awaited_.resize(instances_.size(), {idle});
  groups_.resize(instances_.size());
  taking_in_until_.resize(instances_.size());
}

int Instances::load(int instance) const {
  const Instance& its = instances_[index(instance)];
  return its.running() + its.waiting();
}

int Instances::choose() {
  const std::int64_t turn = chosen_++;
  switch (fleet_.router) {
    case Router::round_robin:
      return static_cast<int>(turn % fleet_.instances);
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

void Instances::submit(int instance, const Incoming& request) {
  const HostWork& host = fleet_.rules.host;
  const Seconds work = host.admission.value + request.input_tokens * host.prompt_token.value;
  if (request.cached || work <= Seconds{}) return give(instance, request);
  Seconds& until = taking_in_until_[index(instance)];
  until = std::max(until, simulation_.now()) + work;
  simulation_.at(until, [this, instance, request] { give(instance, request); });
}

void Instances::give(int instance, const Incoming& request) {
  instances_[index(instance)].submit(request, simulation_.now());
  go_on(instance);
}

std::int64_t Instances::next_group(int instance) {
  return std::int64_t{instance} * fleet_.ranks + groups_[index(instance)]++ % fleet_.ranks;
}

/// The instance begins what it can, and is heard of again when that is over.
void Instances::go_on(int i) {
  Instance& instance = instances_[index(i)];
  instance.begin(simulation_.now());
  const Seconds end = instance.end();
  if (end == idle || end == awaited_[index(i)].end) return;
  Awaited& awaited = awaited_[index(i)];
  awaited.end = end;
  simulation_.at(end, [this, i, number = ++awaited.number] {
    if (awaited_[index(i)].number == number) finish(i);  // else a request that came cut the stretch
  });
}

void Instances::finish(int i) {
  awaited_[index(i)].end = idle;
  bool finished = false;
  for (const RequestEvent& event : instances_[index(i)].finish()) {
    hear_(event);
    finished = finished || event.kind == RequestEvent::Kind::finished;
  }
  if (finished && when_finished) when_finished();
  go_on(i);
}

InstanceTotals Instances::totals() const {
  InstanceTotals sum;
  for (const Instance& instance : instances_) sum += instance.totals();
  return sum;
}

}  // namespace superpod::models
