#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>

#include "models/collectives/workload.hpp"
#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

using topology::Flaw;

constexpr const char* where_levels_are = "its levels, outermost first, are in `superpod show SYSTEM`";

class Check {
 public:
  Check(const CollectiveWorkload& workload, const topology::Fabric& fabric)
      : workload_{workload}, fabric_{fabric}, kind_{workload.operation.kind()} {}

  std::vector<Flaw> flaws() {
    levels();
    if (!found_.empty()) return std::move(found_);
    digits_ = digits_of(workload_, fabric_);
    if (digits_.empty()) note("over", "a group has one rank only", "name levels with more than one unit");
    keys();
    algorithm();
    algorithm_of();
    address(workload_.root, "root");
    address(workload_.destination, "destination");
    address(workload_.by, "by");
    if (kind_.keys.by) steps();
    if (kind_.keys.loads) loads();
    if (found_.empty()) ends();
    return std::move(found_);
  }

 private:
  void note(std::string key, std::string message, std::string help) {
    found_.push_back({std::move(key), std::move(message), std::move(help)});
  }

  void levels() {
    for (std::size_t i = 0; i < workload_.over.size(); ++i)
      if (level_named(workload_.over[i]) == nullptr)
        note("over." + std::to_string(i), "this system has no level '" + workload_.over[i] + "'",
             where_levels_are);
  }

  /// What means something only to other operations.
  void keys() {
    const auto only_if = [&](bool meant, bool given, const std::string& key) {
      if (given && !meant)
        note(key, "`" + key + "` means nothing in " + std::string{kind_.phrase}, "leave it out");
    };
    const OperationKind::Keys& mine = kind_.keys;
    only_if(mine.algorithm, workload_.algorithm != Algorithm::automatic, "algorithm");
    only_if(mine.algorithm, !workload_.algorithm_of.empty(), "algorithm_of");
    only_if(mine.algorithm, workload_.chunks > 1, "chunks");
    only_if(mine.root, !workload_.root.empty(), "root");
    only_if(mine.destination, !workload_.destination.empty(), "destination");
    only_if(mine.by, !workload_.by.empty(), "by");
    only_if(mine.loads, !workload_.loads.empty(), "loads");
    only_if(mine.loads, workload_.load_exponent != 0, "load_exponent");
  }

  /// Whether there is one for the operation and for the sizes of the levels.
  void algorithm() {
    if (!kind_.keys.algorithm) return;
    const Recipe& recipe = resolved(workload_.algorithm, workload_.operation).recipe();
    if (kind_.keys.root) {  // from one to all
      if (recipe.broadcast == nullptr && recipe.along.broadcast == nullptr)
        note("algorithm", std::string{kind_.phrase} + " has no " + std::string{recipe.word} + " algorithm",
             "use direct, hierarchical or halving_doubling");
      return;
    }
    for (const int digit : digits_)
      if (const auto& level = fabric_.levels[index(digit)]; !fits(recipe, level))
        note("algorithm",
             std::string{recipe.word} + " needs powers of two, but level '" + level.name + "' has " +
                 std::to_string(level.count),
             "use ring, direct or hierarchical");
  }

  static bool fits(const Recipe& recipe, const topology::Level& level) {
    return !recipe.along.only_powers_of_two || std::has_single_bit(static_cast<unsigned>(level.count));
  }

  void algorithm_of() {
    if (!kind_.keys.algorithm || workload_.algorithm_of.empty()) return;
    if (kind_.keys.root || resolved(workload_.algorithm, workload_.operation) != Algorithm::hierarchical)
      note("algorithm_of", "only a hierarchical collective goes level by level",
           "say `algorithm: hierarchical`; broadcasts have one algorithm for all levels");
    for (const auto& [name, own] : workload_.algorithm_of) algorithm_of(name, own.recipe());
  }

  void algorithm_of(const std::string& name, const Recipe& recipe) {
    const std::string key = "algorithm_of." + name;
    const topology::Level* level = level_named(name);
    if (level == nullptr)
      note(key, "this system has no level '" + name + "'", where_levels_are);
    else if (recipe.along.reduce_scatter == nullptr)
      note(key, "along one level there is no hierarchy", "use ring, direct or halving_doubling");
    else if (!fits(recipe, *level))
      note(key, std::string{recipe.word} + " needs a power of two, not " + std::to_string(level->count),
           "use ring or direct");
    else if (std::ranges::find(digits_, static_cast<int>(level - fabric_.levels.data())) == digits_.end())
      note(key,
           level->count == 1 ? "level '" + name + "' has one unit only: nothing goes along it"
                             : "the groups do not span level '" + name + "'",
           level->count == 1 ? "leave it out" : "leave it out, or name the level in `over`");
  }

  void address(const std::vector<int>& address, const std::string& key) {
    if (address.empty()) return;
    if (address.size() != fabric_.levels.size())
      note(key, "an address of this system has " + std::to_string(fabric_.levels.size()) + " digits",
           "one digit a level, outermost first");
    for (std::size_t i = 0; i < std::min(address.size(), fabric_.levels.size()); ++i)
      if (address[i] < 0 || address[i] >= fabric_.levels[i].count)
        note(key, "there is no " + fabric_.levels[i].name + " " + std::to_string(address[i]),
             "counting from 0, up to " + std::to_string(fabric_.levels[i].count - 1));
  }

  /// How much further each rank sends.
  void steps() {
    bool moves = false;
    for (std::size_t level = 0; level < workload_.by.size(); ++level) {
      if (workload_.by[level] == 0) continue;
      moves = true;
      if (std::ranges::find(digits_, static_cast<int>(level)) == digits_.end())
        note("by", "it leads out of the group", "name that level in `over`, or use 0 there");
    }
    if (!moves) note("by", "a rank does not send to itself", "at least one level's number is above 0");
  }

  void loads() {
    const std::vector<double>& loads = workload_.loads;
    if (loads.empty()) return;
    if (workload_.load_exponent != 0)
      note("load_exponent", "loads are given as a list as well", "leave one of them out");
    if (const double ranks = group_size(workload_, fabric_); static_cast<double>(loads.size()) != ranks)
      note("loads",
           std::to_string(loads.size()) + " loads for groups of " +
               std::to_string(static_cast<std::int64_t>(ranks)) + " ranks",
           "one a rank, innermost level first");
    if (std::accumulate(loads.begin(), loads.end(), 0.0) <= 0)
      note("loads", "no rank receives anything", "at least one load above 0");
  }

  void ends() {
    if (!kind_.keys.destination) return;
    const Asked what = asked(workload_, fabric_);
    if (what.root == what.destination)
      note("destination", "a rank does not send to itself", "give root and destination different addresses");
  }

  [[nodiscard]] const topology::Level* level_named(const std::string& name) const {
    const auto level = std::ranges::find(fabric_.levels, name, &topology::Level::name);
    return level == fabric_.levels.end() ? nullptr : &*level;
  }

  const CollectiveWorkload& workload_;
  const topology::Fabric& fabric_;
  const OperationKind& kind_;
  std::vector<int> digits_;
  std::vector<Flaw> found_;
};

}  // namespace

std::vector<Flaw> flaws(const CollectiveWorkload& workload, const topology::Fabric& fabric) {
  return Check{workload, fabric}.flaws();
}

}  // namespace superpod::models
