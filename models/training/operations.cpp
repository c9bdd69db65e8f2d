#include "models/training/operations.hpp"

#include <algorithm>
#include <iterator>

#include "models/training/memory.hpp"
#include "models/transformer/context_exchange.hpp"

namespace superpod::models {
namespace {

using Kind = Op::Kind;

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
  void add(Kind kind, const std::string& name, Seconds time = {}) {
    ops_.push_back({kind, name, time, layer_, false, ends_});
    ends_ = {static_cast<int>(ops_.size()) - 1};
  }
  /// Waits for the chain as it is now; nothing waits for it, unless the chain is told to.
  void add_aside(const std::string& name, Seconds time) {
    ops_.push_back({Kind::compute, name, time, layer_, true, ends_});
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

void OpWriter::forward(List& list, const Layer& layer, const std::string& suffix) const {
  const auto compute = [&](Block block) {
    const auto time = total_time(kernels_of(block, Phase::forward), setting_.chip, setting_.core_share);
    list.add(Kind::compute, name_of(block, Phase::forward) + suffix, time);
  };
  const bool cut = setting_.slice.shard.tensor > 1;
  const auto gathered = [&](Block block, bool in, bool out) {
    if (cut && in) list.add(Kind::gather, "gather tokens" + suffix);
    if (block == Block::attention && setting_.slice.shard.context > 1)
      list.add(Kind::gather_keys, "gather keys" + suffix);
    compute(block);
    if (cut && out) list.add(Kind::scatter, "scatter tokens" + suffix);
  };
  std::vector<int> aside;
  for (const Block block : layer.blocks) switch (block) {
      case Block::embedding:
        gathered(block, false, true);
        break;
      case Block::head:
        gathered(block, true, false);
        break;
      case Block::attention:
      case Block::dense_ffn:
        gathered(block, true, true);
        break;
      case Block::router:
      case Block::mtp_projection:
        compute(block);
        break;
      case Block::shared_experts: {  // while the tokens travel
        const auto routed = list.ends();
        gathered(block, true, true);
        aside = list.ends();
        list.continue_from(routed);
        break;
      }
      case Block::routed_experts:
        if (setting_.slice.shard.expert == 1) {
          gathered(block, true, true);
        } else {
          list.add(Kind::dispatch, "dispatch" + suffix);
          compute(block);
          list.add(Kind::combine, "combine" + suffix);
        }
        list.wait_also_for(aside);
        aside.clear();
        break;
    }
}

void OpWriter::backward(List& list, const Layer& layer, WeightGradients weights) const {
  const auto compute = [&](Block block) {
    const bool shares_keys = block == Block::attention && setting_.slice.shard.context > 1;
    if (shares_keys && gathered_again(setting_.llm, setting_.recompute))
      list.add(Kind::gather_keys, "gather keys");
    list.add(Kind::compute, name_of(block, Phase::backward_input),
             total_time(kernels_of(block, Phase::backward_input), setting_.chip, setting_.core_share));
    if (shares_keys) list.add(Kind::scatter_keys, "scatter gradients of keys");
    const auto of_weights = kernels_of(block, Phase::backward_weight);
    if (weights != WeightGradients::put_off && !of_weights.empty())
      list.add_aside(name_of(block, Phase::backward_weight),
                     total_time(of_weights, setting_.chip, setting_.core_share));
  };
  const bool cut = setting_.slice.shard.tensor > 1;
  const auto gathered = [&](Block block, bool in, bool out) {
    if (cut && in) list.add(Kind::gather, "gather gradients");
    compute(block);
    if (cut && out) list.add(Kind::scatter, "scatter gradients");
  };
  const auto exchange = [&](Kind kind, const char* name) {
    if (weights == WeightGradients::in_turn) list.wait_for_aside();
    list.add(kind, name);
  };
  std::vector<int> aside;
  const auto entry = list.ends();
  for (auto at = layer.blocks.rbegin(); at != layer.blocks.rend(); ++at) switch (*at) {
      case Block::embedding:
        gathered(*at, true, false);
        break;
      case Block::head:
        gathered(*at, false, true);
        break;
      case Block::attention:
      case Block::dense_ffn:
        gathered(*at, true, true);
        break;
      case Block::router:
        list.wait_also_for(aside);
        aside.clear();
        compute(*at);
        break;
      case Block::mtp_projection:
        compute(*at);
        break;
      case Block::shared_experts: {  // its gradient needs that of the layer's result only
        const auto routed = list.ends();
        list.continue_from(entry);
        gathered(*at, true, true);
        aside = list.ends();
        list.continue_from(routed);
        break;
      }
      case Block::routed_experts:
        if (setting_.slice.shard.expert == 1) {
          gathered(*at, true, true);
        } else {
          exchange(Kind::dispatch, "dispatch gradients");
          compute(*at);
          exchange(Kind::combine, "combine gradients");
        }
        break;
    }
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
