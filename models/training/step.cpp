#include "models/training/step.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>

#include "models/collectives/collective.hpp"
#include "models/transformer/dispatch.hpp"
#include "models/transformer/flops.hpp"
#include "models/transformer/optimizer.hpp"
#include "sim/quantity_text.hpp"

namespace superpod::models {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

Slice slice_of(const TrainingWorkload& workload, const Mapping& mapping) {
  return {mapping.shard, {static_cast<double>(workload.microbatch), workload.sequence_length}, workload.precision};
}

OpWriter op_writer(const TrainingWorkload& workload, const Chip& chip, const Mapping& mapping) {
  double core_share = 1;
  if (const int taken = workload.communication_cores.value; taken > 0) core_share = 1 - static_cast<double>(taken) / chip.cores->value;
  return OpWriter{{workload.model.value, chip, slice_of(workload, mapping), workload.recompute, core_share}};
}

std::vector<Stage> stages_of(const TrainingWorkload& workload, const Chip& chip, const Mapping& mapping) {
  const OpWriter writer = op_writer(workload, chip, mapping);
  return stages_of(workload.model.value, mapping.pipe, workload.layers_per_stage, [&](const Layer& layer) {
    Seconds sum;
    for (const Op& op : writer.forward({layer})) sum += op.time;
    for (const Op& op : writer.backward({layer}, true)) sum += op.time;
    return sum.in(unit::s);
  });
}

/// The classes of one pipeline rank, and the groups in which they communicate.
struct Team {
  std::vector<RankId> ranks;
  Communicator tensor, expert, expert_inside, expert_across, dense_copies, expert_copies;
};

/// What the passes of one stage consist of.
struct StageOps {
  std::array<Ops, 4> of;  ///< [ScheduledPass::Kind]
};

/// A pass that was written: where it starts, and what ends it.
struct WrittenPass {
  Front begin, end;
};

class StepWriter {
 public:
  StepWriter(const TrainingWorkload& workload, const Chip& chip, topology::Folding& folding, TrainingPlan& out)
      : workload_{workload}, llm_{workload.model.value}, chip_{chip}, folding_{folding}, out_{out}, pipe_{out.mapping.pipe},
        graph_{out.plan.work}, order_{models::slots(pipe_)} {
    slice_ = slice_of(workload, out.mapping);
    gather_size_ = slice_.tokens() * llm_.hidden * element_size(workload.precision.state);
    cut_into_stages();
    make_teams();
    if (out.mapping.shard.expert > 1) size_dispatch();
  }

  void write() {
    for (int rank = 0; rank < pipe_.ranks; ++rank) write_passes(rank);
    link_stages();
    write_optimizer();
    count_kernels();
  }

 private:
  using Kind = ScheduledPass::Kind;

  void cut_into_stages() {
    const OpWriter writer = op_writer(workload_, chip_, out_.mapping);
    out_.stages = stages_of(workload_, chip_, out_.mapping);
    for (const Stage& stage : out_.stages)
      ops_.push_back({{writer.forward(stage), writer.backward(stage, true), writer.backward(stage, false), writer.backward_weights(stage)}});
  }

  void make_teams() {
    const Mapping& mapping = out_.mapping;
    std::vector<std::vector<RankId>> ranks(index(pipe_.ranks));
    for (RankId rank = 0; rank < folding_.classes(); ++rank)
      ranks[index(mapping.stage_rank(folding_.representative(rank)))].push_back(rank);
    std::vector<int> inside;
    std::vector<int> across;
    for (const int d : mapping.expert_group())
      (folding_.wiring().network_of(mapping.grid[index(d)].level) == 0 ? inside : across).push_back(d);
    for (const auto& of_rank : ranks) {
      const auto group = [&](const std::vector<int>& digits) { return Communicator{folding_, of_rank, digits}; };
      teams_.push_back({of_rank, group(mapping.tensor), group(mapping.expert_group()), group(inside), group(across),
                        group(mapping.dense_copies()), group(mapping.expert_copies())});
    }
  }

  void size_dispatch() {
    const double tokens = slice_.own_tokens();
    const Moe& moe = *llm_.moe;
    const Team& team = teams_.front();
    copies_for_each_rank_ = tokens * expected_distinct_parts(moe, team.expert.size()) / team.expert.size();
    hierarchical_ = workload_.expert_all_to_all == Algorithm::hierarchical && team.expert_across.size() > 1;
    if (!hierarchical_) return;
    const int nodes = team.expert_across.size();
    copies_for_each_node_ = tokens * expected_distinct_parts(moe, nodes) / nodes;
    copies_within_node_ = tokens * expected_distinct_parts(moe, team.expert.size()) / team.expert_inside.size();
  }

  /// Tokens to the ranks of their experts. Hierarchical: once to each node of their experts, to the rank at the same place,
  /// which passes them on; both at the same time, as token after token goes through.
  Front exchange_tokens(const Writer& to, const Team& team, Bytes token, const Front& begin) {
    if (!hierarchical_) return exchange_with_all(to, team.expert, copies_for_each_rank_ * token, begin);
    const Front across = exchange_with_all(to, team.expert_across, copies_for_each_node_ * token, begin);
    if (team.expert_inside.size() == 1) return across;
    const Front inside = exchange_with_all(to, team.expert_inside, copies_within_node_ * token, begin);
    return join({across, inside});
  }

  /// Waits, rank by rank, for all of the fronts.
  Front join(const std::vector<Front>& fronts) {
    Front result(fronts.front().size(), at_once);
    for (std::size_t i = 0; i < result.size(); ++i) {
      std::vector<TaskId> ends;
      for (const Front& front : fronts)
        if (front[i] != at_once && std::ranges::find(ends, front[i]) == ends.end()) ends.push_back(front[i]);
      if (ends.empty()) continue;
      result[i] = ends.front();
      if (ends.size() == 1) continue;
      result[i] = graph_.join();
      graph_.depend(result[i], ends);
    }
    return result;
  }

  Front compute(const Team& team, Seconds time, const std::string& name, const std::string& cause, const Front& begin, int microbatch) {
    const LabelId label = graph_.label(name, cause);
    Front end(team.ranks.size());
    for (std::size_t i = 0; i < team.ranks.size(); ++i) {
      end[i] = graph_.occupy(team.ranks[i], time, label, microbatch);
      if (begin[i] != at_once) graph_.depend(end[i], begin[i]);
    }
    return end;
  }

  Front write_op(const Op& op, const Team& team, const Front& begin, int microbatch) {
    const auto writer = [&](const char* cause) { return Writer{graph_, graph_.label(op.name, cause), microbatch}; };
    switch (op.kind) {
      case Op::Kind::compute: return compute(team, op.time, op.name, "compute", begin, microbatch);
      case Op::Kind::gather:
        return all_gather(writer("tensor collectives"), team.tensor, gather_size_, Algorithm::hierarchical, begin);
      case Op::Kind::scatter:
        return reduce_scatter(writer("tensor collectives"), team.tensor, gather_size_, Algorithm::hierarchical, begin);
      case Op::Kind::dispatch:
        return exchange_tokens(writer("expert all-to-all"), team, dispatch_size(llm_, workload_.precision), begin);
      case Op::Kind::combine:
        return exchange_tokens(writer("expert all-to-all"), team, combine_size(llm_, workload_.precision), begin);
    }
    throw std::logic_error{"training step: an operation without tasks"};
  }

  /// The fronts of all operations of a pass; `begin` is that of the pass.
  std::vector<Front> write_ops(const Ops& ops, const Team& team, const Front& begin, int microbatch) {
    std::vector<Front> ends;
    for (const Op& op : ops) {
      std::vector<Front> before;
      for (const int earlier : op.after) before.push_back(ends[index(earlier)]);
      if (before.empty()) before.push_back(begin);
      ends.push_back(write_op(op, team, join(before), microbatch));
    }
    return ends;
  }

  /// Joins of its own, so that what comes from other ranks can be waited for when it is known.
  Front gate(const Front& after) {
    Front gates(after.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
      gates[i] = graph_.join();
      if (after[i] != at_once) graph_.depend(gates[i], after[i]);
    }
    return gates;
  }

  void write_passes(int rank) {
    const Team& team = teams_[index(rank)];
    std::map<int, std::pair<std::size_t, std::size_t>> last_weights;  // [chunk] (slot, pass)
    const auto& slots = order_[index(rank)];
    for (std::size_t s = 0; s < slots.size(); ++s)
      for (std::size_t p = 0; p < slots[s].size(); ++p)
        if (const Kind kind = slots[s][p].kind; kind == Kind::backward || kind == Kind::backward_weight)
          last_weights[slots[s][p].chunk] = {s, p};

    Front previous(team.ranks.size(), at_once);
    std::vector<Front> reduced;
    for (std::size_t s = 0; s < slots.size(); ++s) {
      const Front slot_begin = gate(previous);
      std::vector<Front> what_follows_waits_for{slot_begin};
      std::vector<WrittenPass*> written_in_slot;
      for (std::size_t p = 0; p < slots[s].size(); ++p) {
        const ScheduledPass& pass = slots[s][p];
        const int stage = pipe_.stage(rank, pass.chunk);
        const Ops& ops = ops_[index(stage)].of[static_cast<std::size_t>(pass.kind)];
        WrittenPass written{gate(slot_begin), {}};
        const auto ends = write_ops(ops, team, written.begin, pass.microbatch);
        written.end = ends.empty() ? written.begin : join(ends);
        what_follows_waits_for.push_back(written.begin);
        for (std::size_t o = 0; o < ops.size(); ++o)
          if (ops[o].kind == Op::Kind::compute || !pipe_.overlaps()) what_follows_waits_for.push_back(ends[o]);
        if (pass.kind != Kind::backward_weight)
          written_in_slot.push_back(&(passes_[{pass.kind == Kind::forward, stage, pass.microbatch}] = std::move(written)));
        if (const auto last = last_weights.find(pass.chunk); last != last_weights.end() && last->second == std::pair{s, p})
          reduce_gradients(rank, stage, ops, ends, reduced);
      }
      previous = join(what_follows_waits_for);
      for (WrittenPass* written : written_in_slot) written->end = join({written->end, previous});
      out_.slots.push_back({team.ranks.front(), slots[s], slot_begin.front(), previous.front()});
    }
    reduced.push_back(previous);
    gradients_.push_back(join(reduced));
  }

  /// Layer by layer, after the last gradient of its weights.
  void reduce_gradients(int rank, int stage, const Ops& ops, const std::vector<Front>& ends, std::vector<Front>& reduced) {
    const Team& team = teams_[index(rank)];
    const Stage& layers = out_.stages[index(stage)];
    const Writer to{graph_, graph_.label("reduce gradients", "gradient reduction"), -1};
    const Bytes element = element_size(workload_.optimizer.gradient);
    for (std::size_t l = layers.size(); l-- > 0;) {
      std::vector<Front> of_layer;
      for (std::size_t o = 0; o < ops.size(); ++o)
        if (ops[o].weights && index(ops[o].layer) == l) of_layer.push_back(ends[o]);
      if (of_layer.empty()) of_layer.push_back(ends.back());  // no kernel of its own: with the end of the pass
      const Front begin = join(of_layer);
      const RankParameters parameters = parameters_on_rank(llm_, layers[l], slice_.shard);
      const auto reduce = [&](const Communicator& copies, double count) {
        if (count > 0) reduced.push_back(reduce_over(to, rank, copies, count * element, begin));
      };
      reduce(team.dense_copies, parameters.dense);
      reduce(team.expert_copies, parameters.expert);
    }
  }

  Front reduce_over(const Writer& to, int rank, const Communicator& copies, Bytes size, Front begin) {
    const bool shared = workload_.parallel.zero == 1;
    if (copies.size() > 1)
      begin = shared ? reduce_scatter(to, copies, size, Algorithm::hierarchical, begin)
                     : all_reduce(to, copies, size, Algorithm::hierarchical, begin);
    return exchange_with_mirror(to, rank, shared ? size / copies.size() / 2 : size, begin);
  }

  /// In a dualpipe each stage lives on two ranks: they swap halves of what they have. Nothing to do elsewhere.
  Front exchange_with_mirror(const Writer& to, int rank, Bytes size, const Front& begin) {
    if (pipe_.schedule != Schedule::dualpipe) return begin;
    return send_to_rank(to, rank, pipe_.ranks - 1 - rank, size, begin);
  }

  /// The sender's side; the receiver has an exchange of its own, of the same size, at about the same time.
  Front send_to_rank(const Writer& to, int rank, int destination, Bytes size, const Front& begin) {
    const Team& team = teams_[index(rank)];
    Front end(begin.size());
    for (std::size_t i = 0; i < team.ranks.size(); ++i) {
      const auto there = out_.mapping.at_pipeline_rank(folding_.representative(team.ranks[i]), destination);
      end[i] = graph_.move(folding_.route(team.ranks[i], there), size, to.label, to.microbatch);
      if (begin[i] != at_once) graph_.depend(end[i], begin[i]);
    }
    return end;
  }

  /// A pass waits for the same microbatch's pass on the neighbouring stage, or on its own for the first backward one.
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
        for (std::size_t i = 0; i < pass.begin.size(); ++i) graph_.depend(pass.begin[i], input.end[i]);
        continue;
      }
      const Writer to{graph_, graph_.label(forward ? "send activations" : "send gradients", "pipeline transfer"), microbatch};
      const Front sent = arrived(send_to_rank(to, sender, receiver, size, input.end), receiver);
      for (std::size_t i = 0; i < pass.begin.size(); ++i) graph_.depend(pass.begin[i], sent[i]);
    }
  }

  void write_optimizer() {
    const TaskId all_gradients = graph_.join();
    for (const Front& front : gradients_)
      for (const TaskId task : front) graph_.depend(all_gradients, task);
    for (int stage = 0; stage < pipe_.stages(); ++stage)
      for (const Layer& layer : out_.stages[index(stage)]) update_layer(stage, layer, all_gradients);
  }

  /// Ranks that hold a stage: one, or in a dualpipe two that mirror each other.
  [[nodiscard]] std::vector<int> homes(int stage) const {
    const int first = pipe_.home(stage, 0).first;
    if (pipe_.schedule != Schedule::dualpipe) return {first};
    return {first, pipe_.ranks - 1 - first};
  }

  void update_layer(int stage, const Layer& layer, TaskId all_gradients) {
    const bool shared = workload_.parallel.zero == 1;
    const auto ranks = homes(stage);
    const RankParameters all = parameters_on_rank(llm_, layer, slice_.shard);
    const double owned = shared ? (all.dense / out_.mapping.data_ranks + all.expert / out_.mapping.experts_copies) /
                                      static_cast<double>(ranks.size())
                                : all.dense + all.expert;
    if (owned == 0) return;
    const auto kernels = optimizer_kernels(owned, workload_.optimizer);
    const Seconds time = total_time(kernels, chip_);
    std::vector<Front> updated;
    for (const int rank : ranks) {
      const Team& team = teams_[index(rank)];
      updated.push_back(compute(team, time, "optimizer", "optimizer", Front(team.ranks.size(), all_gradients), -1));
      for (const Kernel& kernel : kernels) count({"optimizer: " + std::string{kernel.name}, kernel, time_of(kernel, chip_)}, 1);
    }
    if (!shared) return;
    gather_weights(ranks, all.dense, &Team::dense_copies, updated);
    gather_weights(ranks, all.expert, &Team::expert_copies, updated);
  }

  /// Mirrors swap the halves that they updated; then each gathers from the copies of its own rank.
  void gather_weights(const std::vector<int>& ranks, double parameters, Communicator Team::*copies, std::vector<Front> updated) {
    if (parameters == 0) return;
    const Writer to{graph_, graph_.label("gather weights", "weight gathering"), -1};
    const Bytes size = parameters * element_size(workload_.optimizer.weights);
    const int owners = (teams_[index(ranks.front())].*copies).size();
    if (ranks.size() == 2) {
      const Bytes half = size / owners / 2;
      const Front there = send_to_rank(to, ranks[0], ranks[1], half, updated[0]);
      const Front back = send_to_rank(to, ranks[1], ranks[0], half, updated[1]);
      updated = {join({there, arrived(back, ranks[0])}), join({back, arrived(there, ranks[1])})};
    }
    for (std::size_t i = 0; i < ranks.size() && owners > 1; ++i)
      all_gather(to, teams_[index(ranks[i])].*copies, size, Algorithm::hierarchical, updated[i]);
  }

  /// Moves in the order of the ranks that they go to.
  [[nodiscard]] Front arrived(const Front& moves, int rank) const {
    const Team& team = teams_[index(rank)];
    Front result(team.ranks.size(), at_once);
    for (const TaskId move : moves) {
      const auto& route = folding_.platform().routes[index(graph_.tasks()[index(move)].target)];
      result[team.expert.position(route.to)] = move;
    }
    return result;
  }

  void count(const KernelUse& use, double calls) {
    auto at = std::ranges::find_if(out_.kernels, [&](const KernelCount& k) {
      return k.use.name == use.name && k.use.kernel.flops == use.kernel.flops && k.use.kernel.bytes == use.kernel.bytes;
    });
    if (at == out_.kernels.end()) at = out_.kernels.insert(at, {use, 0});
    at->calls += calls / pipe_.ranks;
  }

  /// Each microbatch passes each layer once, whatever the schedule.
  void count_kernels() {
    const OpWriter writer = op_writer(workload_, chip_, out_.mapping);
    std::vector<KernelCount> optimizer = std::move(out_.kernels);
    out_.kernels.clear();
    for (const Stage& stage : out_.stages)
      for (const Layer& layer : stage)
        for (const KernelUse& use : writer.kernel_uses(layer)) count(use, pipe_.microbatches);
    out_.kernels.insert(out_.kernels.end(), optimizer.begin(), optimizer.end());
  }

  const TrainingWorkload& workload_;
  const Llm& llm_;
  const Chip& chip_;
  topology::Folding& folding_;
  TrainingPlan& out_;
  const Pipeline& pipe_;
  TaskGraph& graph_;
  std::vector<std::vector<Slot>> order_;  // [pipeline rank][slot]
  Slice slice_;
  std::vector<StageOps> ops_;  // [stage]
  std::vector<Team> teams_;    // [pipeline rank]
  std::map<std::tuple<bool, int, int>, WrittenPass> passes_;  // (forward, stage, microbatch)
  std::vector<Front> gradients_;  // [pipeline rank] reduced
  Bytes gather_size_;
  double copies_for_each_rank_ = 0, copies_for_each_node_ = 0, copies_within_node_ = 0;  // of tokens, from one rank
  bool hierarchical_ = false;
};

}  // namespace

TrainingPlan plan(const TrainingWorkload& workload, const Chip& chip, const topology::Wiring& wiring, Detail detail,
                  std::span<const topology::Degraded> degraded) {
  TrainingPlan result;
  result.mapping = map(workload, wiring);
  topology::single_out(result.mapping.grid, wiring, degraded);
  if (detail == Detail::full) result.mapping.grid = topology::full(result.mapping.grid);
  topology::Folding folding{wiring, result.mapping.grid, degraded};
  StepWriter{workload, chip, folding, result}.write();
  result.plan.platform = folding.platform();
  result.memory = memory(workload, result.mapping, result.stages);
  return result;
}

std::vector<topology::Flaw> flaws(const TrainingWorkload& workload, const System& system) {
  const Chip& chip = system.chip.value;
  auto found = flaws(workload, system.fabric());
  for (const std::string& key : lacking(chip, matrix_precisions(workload.precision)))
    found.push_back({"precision", chip.name + " has no figure for '" + key + "'",
                     "another precision, or `system: {base: ..., chip: {base: ..., " + key + ": ...}}`"});
  if (workload.mfu_precision && !peak_of(chip, *workload.mfu_precision))
    found.push_back({"mfu_precision", chip.name + " has no peak in this precision", "leave it out"});
  if (const int taken = workload.communication_cores.value; taken > 0 && (!chip.cores || taken >= chip.cores->value))
    found.push_back({"communication_cores", std::to_string(taken) + " cores do not leave any to compute",
                     chip.cores ? chip.name + " has " + std::to_string(chip.cores->value) : "the cores of " + chip.name + " are not known"});
  if (!found.empty()) return found;
  const topology::Wiring wiring{system.fabric()};
  const Mapping mapping = map(workload, wiring);
  return misfits(memory(workload, mapping, stages_of(workload, chip, mapping)), chip);
}

std::vector<topology::Flaw> misfits(const std::vector<RankMemory>& memory, const Chip& chip) {
  if (!chip.memory) return {{"parallel", "the memory of " + chip.name + " is not known", "give it in `system.chip.memory`"}};
  const auto total = [](const RankMemory& of_rank) { return of_rank.total(); };
  const auto fullest = std::ranges::max_element(memory, {}, total);
  if (fullest->total() <= chip.memory->value) return {};
  const std::string parts = "weights " + text(fullest->weights) + ", gradients " + text(fullest->gradients) + ", optimizer " +
                            text(fullest->optimizer) + ", activations " + text(fullest->activations) + ", buffers " +
                            text(fullest->buffers);
  const bool activations_lead = fullest->activations > fullest->weights + fullest->gradients;
  return {{"parallel",
           "does not fit: pipeline rank " + std::to_string(fullest - memory.begin()) + " needs " + text(fullest->total()) + " of " +
               text(chip.memory->value) + " (" + parts + ")",
           activations_lead ? "activations lead: recompute more, or fewer sequences a microbatch"
                            : "weights lead: more tensor, expert or pipeline ranks"}};
}

double mfu(const TrainingWorkload& workload, const Chip& chip, double npus, Seconds step) {
  const Flops per_token = training_flops_per_token(workload.model.value, workload.sequence_length);
  const double tokens = static_cast<double>(workload.batch) * workload.sequence_length;
  const auto peak = peak_of(chip, workload.mfu_precision.value_or(workload.precision.gemm));
  if (!peak) throw std::invalid_argument{chip.name + " has no peak in the precision that MFU refers to"};
  return tokens * per_token / step / (npus * *peak);
}

}  // namespace superpod::models
