/// The catalogue that superpod brings: every entry can be read, says where its figures come from, and agrees
/// with what its makers state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/hardware/system.hpp"
#include "models/transformer/llm.hpp"
#include "models/transformer/parameters.hpp"
#include "scenarios/text/library.hpp"
#include "scenarios/text/yaml_read.hpp"
#include "topology/fabric/wiring.hpp"

namespace superpod::scenarios {
namespace {

using models::Chip, models::Entry, models::Llm, models::System;
using testing::Contains, testing::IsEmpty;
using namespace unit;

const Library& library() {
  static const Library brought{{std::filesystem::path{SUPERPOD_ROOT} / "scenarios" / "library"}};
  return brought;
}

/// The entry of that name, as a scenario would get it; its mistakes as text.
template <class T>
T entry(const std::string& name, std::string* mistakes_text = nullptr) {
  Mistakes mistakes;
  Places places;
  Reader reader{library(), mistakes, places};
  Node word;
  word.kind = Node::Kind::scalar;
  word.text = name;
  Spot spot;
  spot.name = T::kind;
  Entry<T> read_entry;
  read(word, read_entry, spot, reader);
  if (mistakes_text) *mistakes_text = mistakes.empty() ? "" : text(mistakes);
  return read_entry.value;
}

std::vector<std::string> names(std::string_view kind) { return library().names(shelf_of(kind)); }

template <class T>
std::string mistakes_of_all() {
  std::string all;
  for (const std::string& name : names(T::kind)) {
    std::string one;
    entry<T>(name, &one);
    all += one;
  }
  return all;
}

TEST(Catalogue, EveryChipIsReadWithoutAMistake) { EXPECT_EQ(mistakes_of_all<Chip>(), ""); }
TEST(Catalogue, EverySystemIsReadWithoutAMistake) { EXPECT_EQ(mistakes_of_all<System>(), ""); }
TEST(Catalogue, EveryModelIsReadWithoutAMistake) { EXPECT_EQ(mistakes_of_all<Llm>(), ""); }

TEST(Catalogue, HasTheChipsThatSupernodesAreBuiltOf) {
  for (const char* chip : {"ascend_910b", "ascend_910c", "ascend_950pr", "ascend_950dt", "ascend_960",
                           "ascend_970", "a100_sxm_80", "h100_sxm", "h800_sxm", "h200_sxm", "h20", "b200_sxm",
                           "gb200", "mlu590", "thead_ppu", "metax_c500", "mtt_s5000"})
    EXPECT_THAT(names("chip"), Contains(chip));
}

TEST(Catalogue, HasTheModelsThatPeopleTrainAndServe) {
  for (const char* model :
       {"deepseek_v3", "deepseek_r1", "deepseek_v31", "deepseek_v32", "deepseek_v4_flash", "deepseek_v4_pro",
        "llama3_8b", "llama3_70b", "llama3_405b", "qwen3_235b", "kimi_k2", "pangu_ultra_moe", "gpt3_175b"})
    EXPECT_THAT(names("llm"), Contains(model));
}

/// Every mapping of the tree that is a figure, with the path to it.
void figures(const Node& node, const std::string& path, std::map<std::string, const Node*>& found) {
  if (node.find("grade")) {
    found.emplace(path, &node);
    return;
  }
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& child = node.children[i];
    figures(child, path + "." + (child.key.empty() ? std::to_string(i) : child.key), found);
  }
}

/// Calls `visit(path, figure)` for each figure of the catalogue, as written.
template <class Visitor>
void for_each_figure(Visitor&& visit) {
  for (const std::string_view shelf : shelves)
    for (const std::string& name : library().names(shelf)) {
      Mistakes mistakes;
      const auto tree = library().entry(shelf, name, {}, mistakes);
      ASSERT_TRUE(tree) << text(mistakes);
      std::map<std::string, const Node*> found;
      figures(*tree, name, found);
      for (const auto& [path, figure] : found) visit(path, *figure);
    }
}

TEST(Catalogue, EverySourceIsExplained) {
  Mistakes mistakes;
  const auto known = library().sources(mistakes);
  EXPECT_TRUE(mistakes.empty()) << text(mistakes);
  std::vector<std::string> unknown;
  for_each_figure([&](const std::string& path, const Node& figure) {
    const Node* source = figure.find("source");
    if (source && !known.contains(source->text)) unknown.push_back(path + ": " + source->text);
  });
  for (const std::string& name : names("llm"))
    if (const std::string source = entry<Llm>(name).source; !known.contains(source))
      unknown.push_back(name + ": " + source);
  EXPECT_THAT(unknown, IsEmpty());
}

TEST(Catalogue, OnlyAssumptionsMayLackASource) {
  for_each_figure([](const std::string& path, const Node& figure) {
    EXPECT_TRUE(figure.find("source") || figure.find("grade")->text == "assumed") << path;
  });
}

TEST(Catalogue, EveryAssumptionGivesItsReason) {
  for_each_figure([](const std::string& path, const Node& figure) {
    EXPECT_TRUE(figure.find("note") || figure.find("grade")->text != "assumed") << path;
  });
}

TEST(Catalogue,
     EveryChipSaysWhereItsEfficiencyComesFrom) {  // the defaults, which nobody reaches, stand for no chip
  for (const std::string& name : names("chip")) {
    const Chip chip = entry<Chip>(name);
    EXPECT_FALSE(chip.matrix_efficiency.source.empty()) << name;
    EXPECT_FALSE(chip.memory_efficiency.source.empty()) << name;
    EXPECT_GT(chip.launch_overhead.value, Seconds{}) << name;
  }
}

TEST(Catalogue, EveryFabricCanBeWired) {
  for (const std::string& name : names("system"))
    EXPECT_THAT(topology::flaws(entry<System>(name).fabric()), IsEmpty()) << name;
}

TEST(Catalogue, SystemsHaveAsManyNpusAsTheirMakersState) {
  const std::map<std::string, std::int64_t> published{{"atlas_800t_a2", 8},
                                                      {"cloudmatrix384", 384},
                                                      {"atlas_900_a3_superpod", 384},
                                                      {"atlas_950_superpod", 8192},
                                                      {"atlas_960_superpod", 15488},
                                                      {"atlas_950_supercluster", 64 * 8192},
                                                      {"ubmesh_pod", 1024},
                                                      {"gb200_nvl72", 72},
                                                      {"gb300_nvl72", 72},
                                                      {"vr_nvl72", 72},
                                                      {"dgx_h100_superpod", 1024},
                                                      {"dgx_h200_superpod", 1024},
                                                      {"h800_deepseek_cluster", 2048}};
  for (const auto& [name, npus] : published)
    EXPECT_EQ(topology::npus(entry<System>(name).fabric()), npus) << name;
}

TEST(Catalogue, AnAtlas960SuperClusterExceedsAMillionNpusByTheFewestPods) {
  const auto npus = topology::npus(entry<System>("atlas_960_supercluster").fabric());
  EXPECT_GT(npus, 1'000'000);
  EXPECT_LE(npus - 15488, 1'000'000);
}

/// What one NPU sends at most over a network, all its ports together.
BytesPerSecond ports(const topology::Network& network, const std::vector<topology::Level>& levels) {
  if (const auto* mesh = std::get_if<topology::FullMesh>(&network)) {
    double peers = 0;
    for (const topology::Level& level : levels)
      if (std::ranges::find(mesh->levels, level.name) != mesh->levels.end()) peers += level.count - 1;
    return peers * mesh->bandwidth.value;
  }
  if (const auto* torus = std::get_if<topology::Torus>(&network))
    return 2.0 * static_cast<double>(torus->levels.size()) * torus->bandwidth.value;
  return std::visit([](const auto& n) { return n.bandwidth.value; }, network);
}

BytesPerSecond ports(const System& system) {
  BytesPerSecond sum;
  for (const topology::Network& network : system.networks) sum += ports(network, system.levels);
  return sum;
}

constexpr double rounding = 1e-9;  // relative: sums of a few products

TEST(Catalogue, SystemsWhosePortsAreAllKnownUseTheScaleUpBandwidthOfTheirChip) {
  // Ascend 950: (7 + 7 + 4) ports x 56 GB/s; UB-Mesh: 14 x 56 GB/s + x16; 910B: 7 x 28; 910C: 7 planes x 56.
  for (const char* name : {"atlas_950_superpod_ub_mesh", "ubmesh_pod", "atlas_800t_a2", "cloudmatrix384",
                           "gb200_nvl72", "gb300_nvl72", "vr_nvl72"}) {
    const System system = entry<System>(name);
    EXPECT_NEAR(ports(system) / system.chip.value.scale_up->value, 1, rounding) << name;
  }
}

TEST(Catalogue, NoNpuIsCabledWithMorePortsThanItsChipHas) {
  for (const std::string& name : names("system")) {
    const System system = entry<System>(name);
    const Chip& chip = system.chip.value;
    ASSERT_TRUE(chip.scale_up) << name;
    BytesPerSecond all = chip.scale_up->value;
    if (chip.scale_out) all += chip.scale_out->value;
    if (!chip.scale_out)
      all += 100 * GB / s;  // Atlas 960: scale-out is not public, its system assumes that of the 950
    EXPECT_LE(ports(system) / all, 1 + rounding) << name;
  }
}

/// End-to-end latency between NPU 0 and the NPU whose digit of `level` is 1, all others 0.
double latency_us(const std::string& name, const std::string& level) {
  const topology::Fabric fabric = entry<System>(name).fabric();
  const topology::Wiring wiring{fabric};
  topology::Address from{}, to{};
  const auto at = std::ranges::find(fabric.levels, level, &topology::Level::name) - fabric.levels.begin();
  to[static_cast<std::size_t>(at)] = 1;
  return wiring.latency(wiring.route(from, to)).in(us);
}

TEST(Catalogue, LatenciesAddUpToThoseMeasuredOrPublishedEndToEnd) {
  struct Row {
    const char *system, *level;
    double us;
  };
  for (const Row& row : {
           Row{"cloudmatrix384", "npu", 1.2},   // read of 512 B in a node; CloudMatrix384 paper, Table 1
           Row{"cloudmatrix384", "node", 1.9},  // and between nodes
           Row{"h800_deepseek_cluster", "gpu", 3.33},  // NVLink, 64 B; arXiv 2505.09343, Table 5
           Row{"h800_deepseek_cluster", "node", 2.8},  // InfiniBand, same leaf
           Row{"h800_deepseek_cluster", "leaf", 3.7},  // and across leaves
           Row{"atlas_950_superpod", "cabinet", 2.1},  // Huawei Connect 2025: in the pod
           Row{"atlas_950_superpod_ub_mesh", "cabinet", 2.1},
           Row{"gb200_nvl72_cluster", "rack", 5.0},  // assumed by aiconfigurator
       })
    EXPECT_NEAR(latency_us(row.system, row.level), row.us, 1e-6 * row.us) << row.system << " " << row.level;
}

TEST(Catalogue, ShapesOfModelsSumToTheirPublishedParameters) {
  // MegaScale-MoE states a shape whose parts sum to 341 of its 352 G; the others agree within rounding.
  // DeepSeek-V4-Pro's 1.6 T has two digits: ours is 1.57 T.
  const std::map<std::string, double> tolerance{{"deepseek_v4_pro", 0.02}, {"megascale_moe_352b", 0.035}};
  for (const std::string& name : names("llm")) {
    const Llm llm = entry<Llm>(name);
    if (llm.parameters.value == 0) continue;  // not public
    const auto wider = tolerance.find(name);
    EXPECT_NEAR(models::total_parameters(llm) / llm.parameters.value, 1,
                wider == tolerance.end() ? 0.015 : wider->second)
        << name;
  }
}

TEST(Catalogue, ActiveParametersAreThoseThatAreStated) {
  // Model cards round, and differ on embedding and indexer: DeepSeek-V3.2 counts no indexer (0.9 of 37 G).
  for (const std::string& name : names("llm")) {
    const Llm llm = entry<Llm>(name);
    if (llm.active_parameters.value == 0) continue;
    const double with_embedding = models::active_parameters(llm) + 1.0 * llm.vocab * llm.hidden;
    EXPECT_GT(with_embedding / llm.active_parameters.value, 0.98) << name;
    EXPECT_LT(models::active_parameters(llm) / llm.active_parameters.value, 1.04) << name;
  }
}

}  // namespace
}  // namespace superpod::scenarios
