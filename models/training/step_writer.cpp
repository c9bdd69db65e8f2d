#include "models/training/step_writer.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <tuple>

#include "models/collectives/collective.hpp"
#include "models/training/expert_exchange.hpp"
#include "models/training/step_tasks.hpp"
#include "models/training/weight_update.hpp"
#include "models/transformer/context_exchange.hpp"
#include "models/transformer/dispatch.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

using Kind = ScheduledPass::Kind;

/// A pass that was written: where it starts, and what ends it.
struct WrittenPass {
  Front begin, end;
};

/// The operations of the passes over a stage.
struct StageOps {
  std::array<Ops, 4> alone;  ///< [ScheduledPass::Kind]
  Ops backward_overlapped;

  [[nodiscard]] const Ops& of(Kind kind, bool overlapped) const {
    return overlapped && kind == Kind::backward ? backward_overlapped : alone[static_cast<std::size_t>(kind)];
  }
};

/// [chunk] (slot, pass) of the last gradients of its weights.
std::map<int, std::pair<std::size_t, std::size_t>> last_weights_in(const std::vector<Slot>& slots) {
  std::map<int, std::pair<std::size_t, std::size_t>> last;
  for (std::size_t s = 0; s < slots.size(); ++s)
    for (std::size_t p = 0; p < slots[s].size(); ++p)
      if (const Kind kind = slots[s][p].kind; kind == Kind::backward || kind == Kind::backward_weight)
        last[slots[s][p].chunk] = {s, p};
  return last;
}

class StepWriter {
 public:
  StepWriter(const TrainingWorkload& workload, const Computing& computing, const StepRanks& ranks,
             TrainingWork& out)
      : workload_{workload},
        llm_{workload.model.value},
        out_{out},
        pipe_{out.mapping.pipe},
        order_{models::slots(pipe_)},
        slice_{slice_of(workload, out.mapping.shard)},
        computing_{computing},
        tasks_{out.plan.work, ranks.within, ranks.across, out.mapping},
        weights_{workload, computing, out.stages, tasks_},
        experts_{workload, slice_.own_tokens(), tasks_.team(0)},
        gather_size_{slice_.tokens() * llm_.hidden * element_size(workload.precision.state)},
        keys_size_{keys_and_values(llm_, slice_)} {
    for (const Variant& variant : computing.variants) {
      const OpWriter writer = op_writer(workload, *variant.chip, out.mapping, variant.expert_load);
      auto& ops = ops_.emplace_back();
      for (const Stage& stage : out.stages)
        ops.push_back({{writer.forward(stage), writer.backward(stage, WeightGradients::in_turn),
                        writer.backward(stage, WeightGradients::put_off), writer.backward_weights(stage)},
                       writer.backward(stage, WeightGradients::beside)});
    }
  }

  void write() {
    for (int rank = 0; rank < pipe_.ranks; ++rank) write_passes(rank);
    link_stages();
    out_.all_gradients = tasks_.barrier(gradients_);
    weights_.update(out_.all_gradients);
  }

 private:
  /// How long the ranks of a class take for an operation: place `o` of the pass's list for their variant.
  [[nodiscard]] auto time_of_ranks(int stage, const ScheduledPass& pass, bool overlapped,
                                   std::size_t o) const {
    return [this, stage, kind = pass.kind, overlapped, o](RankId rank) {
      const int variant = computing_.variant_of[index(rank)];
      return ops_[index(variant)][index(stage)].of(kind, overlapped)[o].time / computing_.speed[index(rank)];
    };
  }

  template <class TimeOf>
  Front write_op(const Op& op, TimeOf&& time_of, const Team& team, const Front& begin, int microbatch) {
    const auto writer = [&](const char* cause) { return tasks_.writer(op.name, cause, microbatch); };
    const auto exchange = [&](ExpertExchange::Way way, Bytes token) {
      return experts_.write(tasks_, writer("expert all-to-all"), team, way, token, begin);
    };
    switch (op.kind) {
      case Op::Kind::compute:
        return tasks_.compute(writer("compute"), team, time_of, begin);
      case Op::Kind::gather:
        return Collective{writer("tensor collectives"), team.tensor}.all_gather(gather_size_, begin);
      case Op::Kind::scatter:
        return Collective{writer("tensor collectives"), team.tensor}.reduce_scatter(gather_size_, begin);
      case Op::Kind::gather_keys:
        return Collective{writer("context collectives"), team.context}.all_gather(keys_size_, begin);
      case Op::Kind::scatter_keys:
        return Collective{writer("context collectives"), team.context}.reduce_scatter(keys_size_, begin);
      case Op::Kind::dispatch:
        return exchange(ExpertExchange::Way::dispatch, dispatch_size(llm_, workload_.precision));
      case Op::Kind::combine:
        return exchange(ExpertExchange::Way::combine, combine_size(llm_, workload_.precision));
    }
    throw std::logic_error{"training step: an operation without tasks"};
  }

  /// The fronts of all operations of a pass; `begin` is that of the pass.
  std::vector<Front> write_ops(int stage, const ScheduledPass& pass, bool overlapped, const Team& team,
                               const Front& begin) {
    std::vector<Front> ends;
    const Ops& ops = ops_.front()[index(stage)].of(pass.kind, overlapped);
    for (std::size_t o = 0; o < ops.size(); ++o) {
      const Op& op = ops[o];
      std::vector<Front> before;
      for (const int earlier : op.after) before.push_back(ends[index(earlier)]);
      if (before.empty()) before.push_back(begin);
      ends.push_back(write_op(op, time_of_ranks(stage, pass, overlapped, o), team, tasks_.join(before),
                              pass.microbatch));
    }
    return ends;
  }

  void write_passes(int rank) {
    const Team& team = tasks_.team(rank);
    const auto& slots = order_[index(rank)];
    const auto last_weights = last_weights_in(slots);

    Front previous(team.ranks.size(), at_once);
    std::vector<Front> reduced;
    for (std::size_t s = 0; s < slots.size(); ++s) {
      const TaskId first = tasks_.next();
      const Front slot_begin = tasks_.gate(previous);
      std::vector<Front> what_follows_waits_for{slot_begin};
      std::vector<WrittenPass*> written_in_slot;
      for (std::size_t p = 0; p < slots[s].size(); ++p) {
        const ScheduledPass& pass = slots[s][p];
        const int stage = pipe_.stage(rank, pass.chunk);
        const bool overlapped = slots[s].size() > 1;
        const Ops& ops = ops_.front()[index(stage)].of(pass.kind, overlapped);
        WrittenPass written{tasks_.gate(slot_begin), {}};
        const auto ends = write_ops(stage, pass, overlapped, team, written.begin);
        written.end = ends.empty() ? written.begin : tasks_.join(ends);
        what_follows_waits_for.push_back(written.begin);
        for (std::size_t o = 0; o < ops.size(); ++o)
          if (ops[o].kind == Op::Kind::compute || !pipe_.overlaps())
            what_follows_waits_for.push_back(ends[o]);
        if (pass.kind != Kind::backward_weight)
          written_in_slot.push_back(
              &(passes_[{pass.kind == Kind::forward, stage, pass.microbatch}] = std::move(written)));
        if (const auto last = last_weights.find(pass.chunk);
            last != last_weights.end() && last->second == std::pair{s, p})
          for (Front& arrived : weights_.reduce(rank, stage, ops, ends))
            reduced.push_back(std::move(arrived));
      }
      previous = tasks_.join(what_follows_waits_for);
      for (WrittenPass* written : written_in_slot) written->end = tasks_.join({written->end, previous});
      out_.slots.push_back({team.ranks, slots[s], first, tasks_.next(), previous});
    }
    reduced.push_back(previous);
    gradients_.push_back(tasks_.join(reduced));
  }

  /// A pass waits for the same microbatch's pass on the neighbouring stage, or on its own for the first
  /// backward one.
  void link_stages() {
    const Bytes size = slice_.own_tokens() * llm_.hidden * element_size(workload_.precision.state);
    for (auto& [key, pass] : passes_) {
      const auto& [forward, stage, microbatch] = key;
      const bool turns = !forward && stage == pipe_.stages() - 1;
      if (forward && stage == 0) continue;
      const int before = turns ? stage : forward ? stage - 1 : stage + 1;
      const WrittenPass& input = passes_.at({forward || turns, before, microbatch});
      const int sender = pipe_.home(before, microbatch).first;
      const int receiver = pipe_.home(stage, microbatch).first;
      if (sender == receiver) {
        tasks_.wait(pass.begin, input.end);
        continue;
      }
      const Writer to =
          tasks_.writer(forward ? "send activations" : "send gradients", "pipeline transfer", microbatch);
      tasks_.wait(pass.begin, tasks_.arrived(tasks_.send(to, sender, receiver, size, input.end), receiver));
    }
  }

  const TrainingWorkload& workload_;
  const Llm& llm_;
  TrainingWork& out_;
  const Pipeline& pipe_;
  std::vector<std::vector<Slot>> order_;  // [pipeline rank][slot]
  Slice slice_;
  const Computing& computing_;
  StepTasks tasks_;
  WeightUpdate weights_;
  ExpertExchange experts_;
  Bytes gather_size_, keys_size_;
  std::vector<std::vector<StageOps>> ops_;  // [variant][stage]; of all variants alike, but for times
  std::map<std::tuple<bool, int, int>, WrittenPass> passes_;  // (forward, stage, microbatch)
  std::vector<Front> gradients_;                              // [pipeline rank] reduced
};

}  // namespace

void write_tasks(const TrainingWorkload& workload, const Computing& computing, const StepRanks& ranks,
                 TrainingWork& out) {
  StepWriter{workload, computing, ranks, out}.write();
}

}  // namespace superpod::models
