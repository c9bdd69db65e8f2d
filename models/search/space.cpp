#include "models/search/space.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "sim/values/quantity_text.hpp"

namespace superpod::models {
namespace {

std::vector<int> divisors(std::int64_t number, int most) {
  std::vector<int> all;
  for (int d = 1; d <= most; ++d)
    if (number % d == 0) all.push_back(d);
  return all;
}

int heads_of(const Llm& llm) {
  return std::visit([](const auto& attention) { return attention.heads; }, llm.attention);
}

template <class T>
std::vector<T> given(const std::optional<std::vector<T>>& list, std::vector<T> otherwise) {
  return list && !list->empty() ? *list : std::move(otherwise);
}

/// What the walk goes through, each list made whole.
struct Lists {
  std::vector<int> tensor, context, expert, pipeline, virtual_stages, microbatch, zero;
  std::vector<Schedule> schedule;
  std::vector<Recompute> recompute;
  std::vector<std::vector<Dimension>> orders;
};

Lists lists_of(const Space& space, const Llm& llm, std::int64_t npus) {
  constexpr int most_tensor = 16, most_pipeline = 64;
  const int experts = llm.moe ? llm.moe->routed_experts : 1;
  return {given(space.tensor, divisors(heads_of(llm), most_tensor)),
          given(space.context, {1}),
          given(space.expert, divisors(experts, experts)),
          given(space.pipeline, divisors(npus, std::min(most_pipeline, llm.layers))),
          given(space.virtual_stages, {2, 3, 4}),
          given(space.microbatch, {1, 2, 4}),
          given(space.zero, {0, 1}),
          given(space.schedule, {Schedule::one_f_one_b, Schedule::interleaved, Schedule::dualpipe}),
          given(space.recompute, {Recompute::none, Recompute::selective, Recompute::full}),
          orders_of(space)};
}

/// The step's microbatches, near to the goal and as the schedule needs them; 0 where there is no such number.
int microbatches(const BatchGoal& goal, const MappingChoice& choice, int data_ranks) {
  int unit = 1;
  if (choice.schedule == Schedule::dualpipe) unit = 2;
  if (choice.schedule == Schedule::interleaved) unit = choice.parallel.pipeline;
  const double one = static_cast<double>(choice.microbatch) * data_ranks * unit;
  const double rounded = std::max(1.0, std::round(goal.batch / one));
  if (std::abs(rounded * one - goal.batch) > goal.tolerance * goal.batch + 1e-9 * goal.batch) return 0;
  const double count = rounded * unit;
  if (choice.schedule == Schedule::dualpipe && count < 2.0 * (choice.parallel.pipeline - 1)) return 0;
  return static_cast<int>(count);
}

class Walk {
 public:
  Walk(StepBounds& bounds, Lists lists, const BatchGoal& goal)
      : bounds_{bounds}, lists_{std::move(lists)}, goal_{goal} {}

  Searched whole() {
    MappingChoice choice;
    for (const int tensor : lists_.tensor)
      for (const int context : lists_.context)
        for (const int expert : lists_.expert)
          for (const int pipeline : lists_.pipeline) {
            choice.parallel.tensor = tensor;
            choice.parallel.context = context;
            choice.parallel.expert = expert;
            choice.parallel.pipeline = pipeline;
            placements(choice);
          }
    for (auto& [key, rejection] : rejections_) found_.rejections.push_back(std::move(rejection));
    return std::move(found_);
  }

 private:
  void reject(const std::string& stage, const std::string& reason, const MappingChoice& choice) {
    const auto [at, added] = rejections_.try_emplace({stage, reason});
    if (added) at->second = {stage, reason, 0, choice};
    ++at->second.count;
  }

  /// The orders that lay the dimensions differently.
  void placements(MappingChoice choice) {
    std::vector<topology::Grid> seen;
    for (const auto& order : lists_.orders) {
      choice.parallel.order = order;
      if (const std::string why = bounds_.misfit(choice.parallel); !why.empty()) {
        reject("shape", why, choice);
        continue;
      }
      const Geometry geometry = bounds_.geometry(choice.parallel);
      const bool known = std::ranges::any_of(
          seen, [&](const topology::Grid& other) { return same(other, geometry.placement.grid); });
      if (known) continue;
      seen.push_back(geometry.placement.grid);
      slices(geometry, choice);
    }
  }

  static bool same(const topology::Grid& a, const topology::Grid& b) {
    return std::ranges::equal(a, b, [](const topology::Digit& one, const topology::Digit& other) {
      return one.name == other.name && one.level == other.level && one.size == other.size &&
             one.stride == other.stride;
    });
  }

  void slices(const Geometry& geometry, MappingChoice choice) {
    for (const int microbatch : lists_.microbatch)
      for (const Recompute recompute : lists_.recompute) {
        choice.microbatch = microbatch;
        choice.recompute = recompute;
        std::optional<LayerSums> sums;
        for (const Schedule schedule : lists_.schedule) {
          choice.schedule = schedule;
          for (const int chunks :
               schedule == Schedule::interleaved ? lists_.virtual_stages : std::vector<int>{1}) {
            choice.parallel.virtual_stages = chunks;
            if (!possible(choice, geometry.placement.data_ranks)) continue;
            if (!sums) sums = bounds_.sums(geometry, choice);
            bound(geometry, *sums, choice);
          }
        }
      }
  }

  /// Gives the choice its batch.
  bool possible(MappingChoice& choice, int data_ranks) {
    const Parallelism& parallel = choice.parallel;
    const bool interleaved = choice.schedule == Schedule::interleaved;
    if (interleaved && (parallel.virtual_stages < 2 || parallel.pipeline < 2)) return false;
    if (choice.schedule == Schedule::dualpipe && parallel.pipeline % 2 != 0) return false;
    const int stages = parallel.pipeline * (interleaved ? parallel.virtual_stages : 1);
    if (stages > bounds_.model().layers) return false;
    const int count = microbatches(goal_, choice, data_ranks);
    if (count == 0) {
      reject("shape", "the batch does not come out within the tolerance", choice);
      return false;
    }
    choice.batch = count * choice.microbatch * data_ranks;
    return true;
  }

  void bound(const Geometry& geometry, const LayerSums& sums, MappingChoice choice) {
    for (const int zero : lists_.zero) {
      choice.parallel.zero = zero;
      ++found_.choices;
      const StepBound of_choice = bounds_.bound(geometry, sums, choice);
      if (of_choice.fits)
        found_.candidates.push_back({choice, of_choice});
      else
        reject("memory", "needs more than the " + text(bounds_.capacity()) + " of one NPU", choice);
    }
  }

  StepBounds& bounds_;
  Lists lists_;
  BatchGoal goal_;
  Searched found_;
  std::map<std::pair<std::string, std::string>, Rejection> rejections_;
};

std::string schedule_words(const MappingChoice& choice) {
  switch (choice.schedule) {
    case Schedule::gpipe:
      return "GPipe";
    case Schedule::one_f_one_b:
      return "1F1B";
    case Schedule::interleaved:
      return "interleaved 1F1B over " + std::to_string(choice.parallel.virtual_stages) + " chunks";
    case Schedule::dualpipe:
      return "DualPipe";
  }
  return {};
}

}  // namespace

std::vector<std::vector<Dimension>> orders_of(const Space& space) {
  using enum Dimension;
  if (!space.orders.empty()) return space.orders;
  return {{tensor, context, expert, pipeline, data},
          {tensor, context, expert, data, pipeline},
          {tensor, context, pipeline, expert, data},
          {tensor, context, expert, data, pipeline, data}};
}

Searched search(StepBounds& bounds, const Space& space, const BatchGoal& goal) {
  return Walk{bounds, lists_of(space, bounds.model(), bounds.npus()), goal}.whole();
}

std::string words(const MappingChoice& choice, double npus) {
  const Parallelism& parallel = choice.parallel;
  std::string all;
  const auto add = [&](const char* name, int ranks) {
    if (ranks > 1) all += (all.empty() ? "" : " ") + std::string{name} + std::to_string(ranks);
  };
  add("TP", parallel.tensor);
  add("CP", parallel.context);
  add("PP", parallel.pipeline);
  add("EP", parallel.expert);
  const int within = parallel.expert > 1 ? parallel.expert : parallel.tensor * parallel.context;
  add(parallel.expert > 1 ? "EDP" : "DP",
      static_cast<int>(npus / (static_cast<double>(within) * parallel.pipeline)));
  if (parallel.zero == 1) all += (all.empty() ? "" : " ") + std::string{"ZeRO-1"};
  if (parallel.pipeline > 1) all += ", " + schedule_words(choice);
  all += ", " + std::to_string(choice.microbatch) + (choice.microbatch == 1 ? " sequence" : " sequences");
  if (choice.recompute != Recompute::none)
    all += choice.recompute == Recompute::full ? ", full recomputation" : ", selective recomputation";
  return all;
}

}  // namespace superpod::models
