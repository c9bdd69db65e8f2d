/// What a plan file asks: which system, of which size, trains a model best.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/costs/energy.hpp"
#include "models/costs/prices.hpp"
#include "models/hardware/supply.hpp"
#include "models/hardware/system.hpp"
#include "models/lifetime/reliability.hpp"
#include "models/search/space.hpp"
#include "models/training/training.hpp"
#include "models/uncertainty/uncertainty.hpp"
#include "scenarios/text/library.hpp"
#include "scenarios/text/mistakes.hpp"
#include "scenarios/text/yaml_read.hpp"
#include "sim/values/describe.hpp"

namespace superpod::scenarios {

/// A system that might be bought, in some sizes.
struct CandidateSystem {
  models::Entry<models::System> system;
  std::vector<int> npus;
  std::optional<models::Precisions> precision;
  std::optional<models::Algorithm> expert_all_to_all;
  std::optional<Sourced<int>> communication_cores;
  std::optional<models::Prices> prices;

  static constexpr std::string_view kind = "candidate";
  static constexpr auto fields() {
    using C = CandidateSystem;
    return std::tuple{
        required("system", &C::system, "catalogue name, or a mapping that refines one"),
        optional(
            "npus", &C::npus,
            "sizes to try, by the number of units of its outermost level; default: as the catalogue has it",
            between(1, most_npus)),
        optional("precision", &C::precision, "where its chip needs others than the workload says"),
        optional("expert_all_to_all", &C::expert_all_to_all,
                 "direct or hierarchical; default: the workload's"),
        optional("communication_cores", &C::communication_cores, "default: the workload's",
                 between(0, 65536)),
        optional("prices", &C::prices, "of its own, instead of the plan's")};
  }
};

/// A mapping that somebody has chosen, to be compared with the best.
struct OwnMapping : models::MappingChoice {  // its batch is the question's
  std::string name, system;

  static constexpr std::string_view kind = "own_mapping";
  static constexpr auto fields() {
    using M = OwnMapping;
    return std::tuple{
        required("name", &M::name, "how reports call it"),
        required("system", &M::system, "catalogue name of the candidate that it is for; all sizes are tried"),
        optional("parallel", &M::parallel, "how the ranks share the work"),
        optional("microbatch", &M::microbatch, "sequences that pass together", between(1, 65536)),
        optional("schedule", &M::schedule, "of the pipeline"),
        optional("recompute", &M::recompute, "what is run again in the backward pass")};
  }
};

/// What must not be exceeded.
struct Limits {
  std::optional<Seconds> deadline, delivery;
  std::optional<double> npus, cabinets;
  std::optional<Watts> power;
  std::optional<SquareMetres> floor;
  std::optional<Money> cost;

  static constexpr std::string_view kind = "limits";
  static constexpr auto fields() {
    return std::tuple{optional("deadline", &Limits::deadline, "time to train, failures included", positive),
                      optional("delivery", &Limits::delivery, "until the last chip has come", positive),
                      optional("npus", &Limits::npus, "number of NPUs", positive),
                      optional("cabinets", &Limits::cabinets, "number of cabinets", positive),
                      optional("power", &Limits::power, "at the meter", positive),
                      optional("floor", &Limits::floor, "area", positive),
                      optional("cost", &Limits::cost, "capital and running cost of the training", positive)};
  }
};

/// Of answers that keep all limits, which is better.
enum class Preference { cost, energy, npus, time };

constexpr auto words(Preference) {
  using std::pair, std::string_view;
  return std::array{pair{string_view{"cost"}, Preference::cost},
                    pair{string_view{"energy"}, Preference::energy},
                    pair{string_view{"npus"}, Preference::npus}, pair{string_view{"time"}, Preference::time}};
}

/// How long to search.
struct PlanEffort {
  int simulations = 6, refinements = 150;
  double batch_tolerance = 0.05;

  static constexpr std::string_view kind = "effort";
  static constexpr auto fields() {
    return std::tuple{
        optional(
            "simulations", &PlanEffort::simulations,
            "mappings simulated in full on each system and size, at most; 0: until the fastest is proven",
            between(0, 1e6)),
        optional("refinements", &PlanEffort::refinements,
                 "mappings on each system and size whose stages are cut for a better bound, at most",
                 between(1, 1e6)),
        optional("batch_tolerance", &PlanEffort::batch_tolerance,
                 "how far a step's sequences may be from `workload.batch`, as a share of it", share)};
  }
};

struct Question {
  std::string name, description;
  std::variant<models::TrainingWorkload> workload;
  double tokens = 0;
  std::vector<CandidateSystem> candidates;
  std::vector<OwnMapping> compare;
  Limits limits;
  std::optional<Preference> prefer;
  models::Site site;
  std::optional<models::Prices> prices;
  models::Supply supply;
  models::Reliability reliability;
  models::Uncertainty uncertainty;
  models::Space search;
  PlanEffort effort;
  std::int64_t seed = 0;

  static constexpr std::string_view kind = "plan";
  static constexpr auto fields() {
    using Q = Question;
    return std::tuple{
        required("name", &Q::name, "how reports call this plan"),
        optional("description", &Q::description, "what it is for, in words"),
        required("workload", &Q::workload,
                 "what is trained: a training workload without what the search chooses"),
        required("tokens", &Q::tokens, "to train on, e.g. 10e12", positive),
        required("candidates", &Q::candidates, "systems that might be bought"),
        optional("compare", &Q::compare,
                 "mappings of one's own, to be simulated beside those that are found"),
        optional("limits", &Q::limits, "what must not be exceeded"),
        optional("prefer", &Q::prefer,
                 "what is to be least among answers within the limits; default: cost where there are prices, "
                 "else NPUs where there is a deadline, else time"),
        optional("site", &Q::site, "where it stands"),
        optional("prices", &Q::prices, "the user's own; none are known here"),
        optional("supply", &Q::supply, "what a buyer gets of the chips that are made"),
        optional("reliability", &Q::reliability, "how often parts fail, and what is done about it"),
        optional("uncertainty", &Q::uncertainty,
                 "how sure figures are, for the intervals of the best answer"),
        optional("search", &Q::search, "which mappings to look at; default: all that make sense"),
        optional("effort", &Q::effort, "how long to search"),
        optional("seed", &Q::seed, "of all random numbers", any_seed)};
  }

  [[nodiscard]] const models::TrainingWorkload& training() const {
    return std::get<models::TrainingWorkload>(workload);
  }
  [[nodiscard]] const std::optional<models::Prices>& prices_of(const CandidateSystem& candidate) const {
    return candidate.prices ? candidate.prices : prices;
  }
  /// In which all costs are; empty without prices.
  [[nodiscard]] std::string currency() const {
    for (const CandidateSystem& candidate : candidates)
      if (const auto& its = prices_of(candidate); its && !its->currency.empty()) return its->currency;
    return {};
  }
  [[nodiscard]] Preference preference() const {
    return prefer.value_or(prices ? Preference::cost : limits.deadline ? Preference::npus : Preference::time);
  }
};

/// A question, the tree it was read from, and where each of its values was written.
struct QuestionFile {
  Question question;
  Node tree;
  Places places;
  std::string text;
};

/// Notes every mistake; none is the answer when there was one. Throws std::runtime_error with the path when
/// the file cannot be read.
std::optional<QuestionFile> read_question(const std::filesystem::path& path, const Library& library,
                                          std::span<const std::string> settings, Mistakes& mistakes);

/// The same of the tree of a file.
std::optional<QuestionFile> read_question(Node tree, const Library& library,
                                          std::span<const std::string> settings, Mistakes& mistakes);

/// Whether a file is meant as a plan: it has candidates.
bool is_plan(const Node& file);

/// The JSON Schema of plans, for editors.
std::string plan_schema();

/// NPUs of one unit of the outermost level.
std::int64_t npus_of_unit(const models::System& system);

}  // namespace superpod::scenarios
