#include "scenarios/planning/answer_scenario.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <utility>
#include <variant>

#include "scenarios/asked/uncertain_inputs.hpp"
#include "scenarios/run/training.hpp"
#include "scenarios/text/parameters.hpp"
#include "scenarios/text/yaml_merge.hpp"
#include "scenarios/text/yaml_text.hpp"

namespace superpod::scenarios {
namespace {

const Node& child(const Node& node, std::string_view key) {
  const Node* found = node.find(key);
  if (found == nullptr) throw std::logic_error{"plan: a question without '" + std::string{key} + "'"};
  return *found;
}

std::string parallel_text(const models::Parallelism& parallel) {
  std::string text = "{tensor: " + std::to_string(parallel.tensor);
  const auto add = [&](const char* key, int value, int plain) {
    if (value != plain) text += ", " + std::string{key} + ": " + std::to_string(value);
  };
  add("context", parallel.context, 1);
  add("expert", parallel.expert, 1);
  add("pipeline", parallel.pipeline, 1);
  add("virtual_stages", parallel.virtual_stages, 1);
  add("zero", parallel.zero, 1);
  text += ", order: [";
  for (std::size_t i = 0; i < parallel.order.size(); ++i)
    text += (i > 0 ? ", " : "") + value_text(parallel.order[i]);
  return text + "]}";
}

/// Enough digits to be read back as it was.
std::string exact(double value) {
  std::array<char, 40> digits{};
  std::snprintf(digits.data(), digits.size(), "%.17g", value);
  return digits.data();
}

/// The scenario's inputs that may be off, without those of other candidates.
void keep_known_inputs(Node& root, const QuestionFile& file, const models::System& system) {
  const auto uncertainty = std::ranges::find(root.children, "uncertainty", &Node::key);
  if (uncertainty == root.children.end()) return;
  const auto inputs = std::ranges::find(uncertainty->children, "inputs", &Node::key);
  if (inputs == uncertainty->children.end()) return;
  const auto known = input_paths(system, file.question.reliability);
  std::erase_if(inputs->children,
                [&](const Node& input) { return std::ranges::find(known, input.key) == known.end(); });
}

}  // namespace

std::string scenario_of(const QuestionFile& file, const Cluster& cluster,
                        const models::MappingChoice& choice) {
  const Node& candidate = child(file.tree, "candidates").children.at(cluster.candidate);
  Node root;
  root.kind = Node::Kind::mapping;
  const auto add = [&](const std::string& key, Node value) {
    value.key = key;
    root.children.push_back(std::move(value));
  };
  Node name;
  name.kind = Node::Kind::scalar;
  name.text = file.question.name + " on " + cluster.system.name + ", " + cluster.size;
  add("name", name);
  add("system", child(candidate, "system"));
  add("workload", child(file.tree, "workload"));
  for (const char* key : {"site", "prices", "supply", "reliability", "uncertainty", "seed"})
    if (const Node* own = candidate.find(key); own || (own = file.tree.find(key))) add(key, *own);
  keep_known_inputs(root, file, cluster.system);
  Mistakes mistakes;
  const auto set = [&](const std::string& path, Node value) {
    if (auto tree = setting_tree(path, {}, std::move(value), mistakes))
      root = merged(std::move(root), *tree, mistakes);
  };
  for (const char* key : {"precision", "expert_all_to_all", "communication_cores"})
    if (const Node* given = candidate.find(key)) set("workload." + std::string{key}, *given);
  const auto& level = cluster.system.levels.front();
  const std::array settings{"system.levels." + level.name + ".count=" + std::to_string(level.count),
                            "workload.batch=" + std::to_string(choice.batch),
                            "workload.microbatch=" + std::to_string(choice.microbatch),
                            "workload.schedule=" + value_text(choice.schedule),
                            "workload.recompute=" + value_text(choice.recompute),
                            "workload.parallel=" + parallel_text(choice.parallel),
                            "reliability.tokens=" + exact(file.question.tokens)};
  root = with_settings(std::move(root), settings, mistakes);
  require_none(mistakes);
  return yaml_text(root);
}

ScenarioFile read_answer(const std::string& name, const std::string& yaml, const Library& library) {
  Mistakes mistakes;
  auto file = read_scenario(std::make_shared<const Source>(Source{name, yaml}), library, {}, mistakes);
  require_none(mistakes);
  return std::move(*file);
}

TrainingAnswer simulated_training(const ScenarioFile& answer) {
  return simulated(std::get<models::TrainingWorkload>(answer.scenario.workload), answer, {}).answer;
}

}  // namespace superpod::scenarios
