/// How unevenly tokens fall on the routed experts, and what that means for the ranks that hold these.
///
/// A hot rank receives more of each sender's tokens (training/expert_exchange.hpp), and its kernels run on
/// what it has. All ranks wait for it twice in each layer, so a step is about as long as if all were as hot.
/// Leaves out: loads that differ between layers, senders or steps; within a rank, a grouped GEMM is timed as
/// if its experts had equal shares of the rank's tokens; without expert parallelism all ranks hold all
/// experts, and loads change nothing. Stages are cut for the mean load, and the table of kernels counts a
/// rank of the mean load.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "models/collectives/collective.hpp"
#include "models/transformer/llm.hpp"
#include "sim/values/describe.hpp"
#include "topology/fabric/fabric.hpp"

namespace superpod::models {

/// All experts get the same.
struct BalancedLoad {
  static constexpr std::string_view kind = "balanced";
  static constexpr auto fields() { return std::tuple{}; }
};

/// The i-th hottest expert (counting from 1) has the popularity i^-exponent: a token chooses a set of experts
/// with a probability in proportion to the product of their popularities (transformer/routing.hpp). Because a
/// token goes to an expert once at most, the hottest get less than in proportion.
struct ZipfLoad {
  double exponent = 1;
  std::optional<std::int64_t> seed;

  static constexpr std::string_view kind = "zipf";
  static constexpr auto fields() {
    return std::tuple{required("exponent", &ZipfLoad::exponent,
                               "popularity of the i-th hottest expert: i^-exponent; 0: balanced",
                               Range{.low = 0, .high = 8}),
                      optional("seed", &ZipfLoad::seed,
                               "deals the popularities to the experts at random; default: expert 0 is the "
                               "hottest, then expert 1",
                               any_seed)};
  }
};

/// In proportion to what was counted.
struct MeasuredLoad {
  std::vector<double> tokens;
  std::optional<std::string> file;

  static constexpr std::string_view kind = "measured";
  static constexpr auto fields() {
    return std::tuple{optional("tokens", &MeasuredLoad::tokens,
                               "that each expert got, expert 0 first; only their ratios count", not_negative),
                      optional("file", &MeasuredLoad::file,
                               "instead: a table (CSV) with a column `tokens`, one row an expert; with a "
                               "column `expert`, its rows "
                               "stand in any order and those of an expert add up")};
  }
};

struct HotExpert {
  int expert = 0;
  double load = 1;

  static constexpr std::string_view kind = "hot_expert";
  static constexpr auto fields() {
    return std::tuple{
        required("expert", &HotExpert::expert, "its number, counted from 0", between(0, most_experts - 1)),
        required("load", &HotExpert::load,
                 "tokens that it gets, relative to each of the experts that are not named", between(0, 1e9))};
  }
};

/// Some experts get more, or less, than all others, which are alike.
struct HotLoad {
  std::vector<HotExpert> experts;

  static constexpr std::string_view kind = "hot";
  static constexpr auto fields() {
    return std::tuple{required("experts", &HotLoad::experts, "those that are not like the others")};
  }
};

using ExpertLoad = std::variant<BalancedLoad, ZipfLoad, MeasuredLoad, HotLoad>;

/// On which rank an expert lives; each has experts / ranks of them.
enum class ExpertPlacement {
  consecutive,  ///< the first experts on the first rank, and so on
  greedy,  ///< the hottest first, each on the rank that has least so far and room (longest processing time
           ///< first)
};

constexpr auto words(ExpertPlacement) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"consecutive"}, ExpertPlacement::consecutive},
                    pair{string_view{"greedy"}, ExpertPlacement::greedy}};
}

/// What the parts into which the experts are dealt (ranks, nodes) get. A token with several experts on a part
/// goes there once, so that load(p) * top_k / parts >= visits(p): they differ by the experts that a token
/// meets there.
struct PartLoads {
  std::vector<double> load;    ///< [part] pairs of a token and an expert, relative to the mean, which is 1
  std::vector<double> visits;  ///< [part] the probability that a token goes there
};

/// The loads of a layer's experts, dealt to the ranks of an expert-parallel group. The same in every MoE
/// layer, and for the tokens of every rank.
class RoutedExperts {
 public:
  /// Balanced, on one rank.
  RoutedExperts() = default;

  /// Throws std::invalid_argument where tokens cannot be routed so (transformer/routing.hpp).
  /// Cost: some milliseconds unless balanced.
  RoutedExperts(const Moe& moe, const ExpertLoad& load, ExpertPlacement placement, int ranks);

  [[nodiscard]] bool balanced() const { return popularity_.empty(); }
  [[nodiscard]] const std::vector<double>& load() const { return load_; }  ///< [expert] relative to the mean
  [[nodiscard]] const std::vector<int>& rank_of() const { return rank_of_; }  ///< [expert]

  /// Of the ranks.
  [[nodiscard]] PartLoads of_ranks() const;

  /// Of groups of ranks, which need not be neighbours: [rank] the part that it belongs to.
  [[nodiscard]] PartLoads of_parts(std::span<const int> part_of_rank, int parts) const;

 private:
  Moe moe_;
  int ranks_ = 1;
  std::vector<double> popularity_, load_;  // [expert]; no popularity: all have the same
  std::vector<int> rank_of_;
};

/// How tokens find their experts: how many go to each, where these live, and by which way.
struct ExpertTraffic {
  ExpertLoad load;
  ExpertPlacement placement = ExpertPlacement::consecutive;
  Algorithm all_to_all = Algorithm::direct;  ///< or hierarchical (expert_copies.hpp)
};

/// What does not fit the model, with keys that begin with `expert_load`.
std::vector<topology::Flaw> flaws(const ExpertLoad& load, const Moe& moe);

}  // namespace superpod::models
