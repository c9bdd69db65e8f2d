#include "models/training/operations.hpp"

#include <algorithm>
#include <iterator>

#include "models/training/memory.hpp"
#include "models/transformer/context_exchange.hpp"

namespace superpod::models {
namespace {

using OpKind = Op::Kind;

std::string name_of(Block block, Phase phase) {
  const auto plain = [](std::string_view word) {
    std::string name{word};
    std::ranges::replace(name, '_', ' ');
    return name;
  };
  return plain(words(block)[static_cast<std::size_t>(block)].first) + " " +
         plain(words(phase)[static_cast<std::size_t>(phase)].first);
}

}  // namespace

/// Operations so far, and those that the next one of the chain waits for.
class OpWriter::List {
 public:
  void add(OpKind kind, const std::string& name, Seconds time = {}) {
    ops_.push_back({kind, name, time, layer_, false, ends_});
    ends_ = {static_cast<int>(ops_.size()) - 1};
  }
  /// Waits for the chain as it is now; nothing waits for it, unless the chain is told to.
  void add_aside(const std::string& name, Seconds time) {
    ops_.push_back({OpKind::compute, name, time, layer_, true, ends_});
    aside_.push_back(static_cast<int>(ops_.size()) - 1);
  }
  void wait_for_aside() {
    wait_also_for(aside_);
    aside_.clear();
  }
  [[nodiscard]] std::vector<int> ends() const { return ends_; }
  void continue_from(const std::vector<int>& ends) { ends_ = ends; }
  void wait_also_for(const std::vector<int>& ends) {
    for (const int end : ends)
      if (std::ranges::find(ends_, end) == ends_.end()) ends_.push_back(end);
  }
  void enter(int layer) { layer_ = layer; }
  Ops take() { return std::move(ops_); }

 private:
  Ops ops_;
  std::vector<int> ends_;
  std::vector<int> aside_;  // those for which the chain has not waited
  int layer_ = 0;
};

std::vector<Kernel> OpWriter::kernels_of(Block block, Phase phase) const {
  std::vector<Kernel> all;
  if (phase == Phase::backward_input && setting_.recompute == Recompute::selective)
    all = kernels_recomputed(setting_.llm, setting_.slice, block, setting_.recompute);
  const auto more = kernels(setting_.llm, setting_.slice, block, phase);
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

bool OpWriter::runs_again(Block block) const {
  return setting_.recompute == Recompute::full && block != Block::head && block != Block::embedding;
}

/// One layer in forward direction: block after block is added to the list.
class OpWriter::Forward {
 public:
  Forward(const OpWriter& writer, List& list, const std::string& suffix)
      : writer_{writer}, shard_{writer.setting_.slice.shard}, list_{list}, suffix_{suffix} {}

  void add(Block block) {
    switch (block) {
      case Block::embedding:
        return gathered(block, false, true);
      case Block::head:
        return gathered(block, true, false);
      case Block::attention:
      case Block::dense_ffn:
        return gathered(block, true, true);
      case Block::router:
      case Block::mtp_projection:
        return compute(block);
      case Block::shared_experts:
        return add_shared_experts();
      case Block::routed_experts:
        return add_routed_experts();
    }
  }

 private:
  void compute(Block block) {
    const auto& [llm, chip, slice, recompute, core_share] = writer_.setting_;
    list_.add(OpKind::compute, name_of(block, Phase::forward) + suffix_,
              total_time(writer_.kernels_of(block, Phase::forward), chip, core_share));
  }
  void gathered(Block block, bool in, bool out) {
    if (shard_.tensor > 1 && in) list_.add(OpKind::gather, "gather tokens" + suffix_);
    if (block == Block::attention && shard_.context > 1)
      list_.add(OpKind::gather_keys, "gather keys" + suffix_);
    compute(block);
    if (shard_.tensor > 1 && out) list_.add(OpKind::scatter, "scatter tokens" + suffix_);
  }
  void add_shared_experts() {  // while the tokens travel
    const auto routed = list_.ends();
    gathered(Block::shared_experts, true, true);
    aside_ = list_.ends();
    list_.continue_from(routed);
  }
  void add_routed_experts() {
    if (shard_.expert == 1) {
      gathered(Block::routed_experts, true, true);
    } else {
      list_.add(OpKind::dispatch, "dispatch" + suffix_);
      compute(Block::routed_experts);
      list_.add(OpKind::combine, "combine" + suffix_);
    }
    list_.wait_also_for(aside_);
    aside_.clear();
  }

  const OpWriter& writer_;
  const Shard& shard_;
  List& list_;
  const std::string& suffix_;
  std::vector<int> aside_;  // ends of the shared experts
};

/// One layer in backward direction: its last block first.
class OpWriter::Backward {
 public:
  Backward(const OpWriter& writer, List& list, WeightGradients weights)
      : writer_{writer},
        shard_{writer.setting_.slice.shard},
        list_{list},
        weights_{weights},
        entry_{list.ends()} {}

  void add(Block block) {
    switch (block) {
      case Block::embedding:
        return gathered(block, true, false);
      case Block::head:
        return gathered(block, false, true);
      case Block::attention:
      case Block::dense_ffn:
        return gathered(block, true, true);
      case Block::router:
        list_.wait_also_for(aside_);
        aside_.clear();
        return compute(block);
      case Block::mtp_projection:
        return compute(block);
      case Block::shared_experts:
        return add_shared_experts();
      case Block::routed_experts:
        return add_routed_experts();
    }
  }

 private:
  void compute(Block block) {
    const auto& [llm, chip, slice, recompute, core_share] = writer_.setting_;
    const bool shares_keys = block == Block::attention && shard_.context > 1;
    if (shares_keys && gathered_again(llm, recompute)) list_.add(OpKind::gather_keys, "gather keys");
    list_.add(OpKind::compute, name_of(block, Phase::backward_input),
              total_time(writer_.kernels_of(block, Phase::backward_input), chip, core_share));
    if (shares_keys) list_.add(OpKind::scatter_keys, "scatter gradients of keys");
    const auto of_weights = writer_.kernels_of(block, Phase::backward_weight);
    if (weights_ != WeightGradients::put_off && !of_weights.empty())
      list_.add_aside(name_of(block, Phase::backward_weight), total_time(of_weights, chip, core_share));
  }
  void gathered(Block block, bool in, bool out) {
    if (shard_.tensor > 1 && in) list_.add(OpKind::gather, "gather gradients");
    compute(block);
    if (shard_.tensor > 1 && out) list_.add(OpKind::scatter, "scatter gradients");
  }
  void exchange(OpKind kind, const char* name) {
    if (weights_ == WeightGradients::in_turn) list_.wait_for_aside();
    list_.add(kind, name);
  }
  void add_shared_experts() {  // its gradient needs that of the layer's result only
    const auto routed = list_.ends();
    list_.continue_from(entry_);
    gathered(Block::shared_experts, true, true);
    aside_ = list_.ends();
    list_.continue_from(routed);
  }
  void add_routed_experts() {
    if (shard_.expert == 1) return gathered(Block::routed_experts, true, true);
    exchange(OpKind::dispatch, "dispatch gradients");
    compute(Block::routed_experts);
    exchange(OpKind::combine, "combine gradients");
  }

  const OpWriter& writer_;
  const Shard& shard_;
  List& list_;
  WeightGradients weights_;
  std::vector<int> entry_;
  std::vector<int> aside_;  // ends of the shared experts
};

void OpWriter::forward(List& list, const Layer& layer, const std::string& suffix) const {
  Forward pass{*this, list, suffix};
  for (const Block block : layer.blocks) pass.add(block);
}

void OpWriter::backward(List& list, const Layer& layer, WeightGradients weights) const {
  Backward pass{*this, list, weights};
  for (auto block = layer.blocks.rbegin(); block != layer.blocks.rend(); ++block) pass.add(*block);
}

Ops OpWriter::forward(const Stage& stage) const {
  List list;
  for (std::size_t l = 0; l < stage.size(); ++l) {
    list.enter(static_cast<int>(l));
    forward(list, stage[l], "");
  }
  return list.take();
}

Ops OpWriter::backward(const Stage& stage, WeightGradients weights) const {
  List list;
  for (std::size_t l = stage.size(); l-- > 0;) {
    list.enter(static_cast<int>(l));
    Layer again{stage[l].name, {}};
    std::ranges::copy_if(stage[l].blocks, std::back_inserter(again.blocks),
                         [&](Block block) { return runs_again(block); });
    forward(list, again, " again");
    backward(list, stage[l], weights);
  }
  return list.take();
}

Ops OpWriter::backward_weights(const Stage& stage) const {
  List list;
  for (std::size_t l = stage.size(); l-- > 0;) {
    list.enter(static_cast<int>(l));
    for (auto block = stage[l].blocks.rbegin(); block != stage[l].blocks.rend(); ++block)
      if (const auto all = kernels_of(*block, Phase::backward_weight); !all.empty())
        list.add_aside(name_of(*block, Phase::backward_weight),
                       total_time(all, setting_.chip, setting_.core_share));
  }
  return list.take();
}

std::vector<KernelUse> OpWriter::kernel_uses(const Layer& layer) const {
  std::vector<KernelUse> uses;
  const auto use = [&](Block block, Phase phase, const std::string& suffix) {
    for (const Kernel& kernel : kernels_of(block, phase))
      uses.push_back({name_of(block, phase) + suffix + ": " + std::string{kernel.name}, kernel,
                      time_of(kernel, setting_.chip, setting_.core_share)});
  };
  for (const Block block : layer.blocks) {
    for (const auto& [word, phase] : words(Phase{})) use(block, phase, "");
    if (runs_again(block)) use(block, Phase::forward, " again");
  }
  return uses;
}

double core_share(const TrainingWorkload& workload, const Chip& chip) {
  const int taken = workload.communication_cores.value;
  return taken > 0 ? 1 - static_cast<double>(taken) / chip.cores->value : 1;
}

OpWriter op_writer(const TrainingWorkload& workload, const Chip& chip, const Mapping& mapping,
                   double expert_load) {
  Slice slice = slice_of(workload, mapping.shard);
  slice.expert_load = expert_load;
  return OpWriter{{workload.model.value, chip, slice, workload.recompute, core_share(workload, chip)}};
}

Seconds computation(const OpWriter& writer, const Layer& layer) {
  Seconds sum;
  for (const Op& op : writer.forward({layer})) sum += op.time;
  for (const Op& op : writer.backward({layer}, WeightGradients::in_turn)) sum += op.time;
  return sum;
}

std::vector<Stage> stages_of(const TrainingWorkload& workload, const Chip& chip, const Mapping& mapping) {
  const OpWriter writer = op_writer(workload, chip, mapping);
  return stages_of(
      workload.model.value, mapping.pipe, workload.layers_per_stage,
      [&](const Layer& layer) { return computation(writer, layer).in(unit::s); },
      room(workload, chip, mapping));
}

}  // namespace superpod::models
