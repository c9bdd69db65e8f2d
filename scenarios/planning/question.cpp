#include "scenarios/planning/question.hpp"

#include <algorithm>

#include "models/costs/bill.hpp"
#include "models/mapping/model_flaws.hpp"
#include "scenarios/asked/planning_keys.hpp"
#include "scenarios/asked/uncertain_inputs.hpp"
#include "scenarios/text/schema_of.hpp"
#include "scenarios/text/yaml_merge.hpp"

namespace superpod::scenarios {
namespace {

/// Keys of a training workload that a search fills in.
constexpr std::array chosen{"parallel", "microbatch", "schedule", "recompute", "layers_per_stage"};

void note_chosen(const QuestionFile& file, Mistakes& mistakes) {
  for (const std::string key : chosen)
    if (file.places.contains("workload." + key))
      mistakes.add(file.places.at("workload." + key), "'" + key + "' is what the search finds",
                   "leave it out; `search` narrows what is looked at");
  const auto& training = file.question.training();
  if (!std::holds_alternative<models::BalancedLoad>(training.expert_load))
    mistakes.add(file.places.at("workload.expert_load"), "a plan takes all experts as equally hot",
                 "leave it out, and run the best answer with it");
}

void note_orders(const QuestionFile& file, Mistakes& mistakes) {
  const auto& orders = file.question.search.orders;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const auto times = [&](models::Dimension d) { return std::ranges::count(orders[i], d); };
    using enum models::Dimension;
    if (times(tensor) != 1 || times(expert) != 1 || times(pipeline) != 1 || times(data) < 1 ||
        times(context) > 1)
      mistakes.add(file.places.at("search.orders." + std::to_string(i)),
                   "the order must name each dimension once",
                   "e.g. [tensor, context, expert, pipeline, data]; only data may come more than once");
  }
}

/// What the workload asks of a chip that this one has not.
void note_chip(const QuestionFile& file, const CandidateSystem& candidate, const std::string& path,
               Mistakes& mistakes) {
  const models::Chip& chip = candidate.system.value.chip.value;
  if (!chip.memory)
    mistakes.add(file.places.at(path + ".system"), "the memory of " + chip.name + " is not known",
                 "give it in `system.chip.memory`");
  const auto& precision = file.question.training().mfu_precision;
  if (precision && !peak_of(chip, *precision))
    mistakes.add(file.places.at("workload.mfu_precision"), chip.name + " has no peak in this precision",
                 "leave it out");
}

void note_candidate(const QuestionFile& file, std::size_t i, Mistakes& mistakes) {
  const CandidateSystem& candidate = file.question.candidates[i];
  const models::System& system = candidate.system.value;
  const std::string path = "candidates." + std::to_string(i);
  if (system.graph || system.levels.empty()) {
    mistakes.add(file.places.at(path + ".system"), "a plan needs a system with levels",
                 "a graph has no sizes to choose from");
    return;
  }
  for (const topology::Flaw& flaw : topology::flaws(system.fabric()))
    mistakes.add(file.places.at(path + ".system"), flaw.message, flaw.help);
  const std::int64_t unit = npus_of_unit(system);
  for (std::size_t n = 0; n < candidate.npus.size(); ++n)
    if (candidate.npus[n] % unit != 0)
      mistakes.add(file.places.at(path + ".npus." + std::to_string(n)),
                   std::to_string(candidate.npus[n]) + " NPUs are no whole number of units of the level '" +
                       system.levels.front().name + "'",
                   "a multiple of " + std::to_string(unit));
    else if (candidate.npus[n] / unit > static_cast<std::int64_t>(topology::most_of_a_level))
      mistakes.add(file.places.at(path + ".npus." + std::to_string(n)),
                   std::to_string(candidate.npus[n]) + " NPUs are too many units of the level '" +
                       system.levels.front().name + "'",
                   "a system with a level around it");
  note_chip(file, candidate, path, mistakes);
}

/// Whose candidates are not there.
void note_compare(const QuestionFile& file, Mistakes& mistakes) {
  std::vector<std::string> known;
  for (const CandidateSystem& candidate : file.question.candidates) known.push_back(candidate.system.name);
  for (std::size_t i = 0; i < file.question.compare.size(); ++i)
    if (const std::string& name = file.question.compare[i].system;
        std::ranges::find(known, name) == known.end())
      mistakes.add(file.places.at("compare." + std::to_string(i) + ".system"),
                   in_quotes(name) + " is no candidate", suggestion(name, known, "candidates"));
}

/// Inputs that no candidate has, and a reliability with which the best answer would not be one.
void note_uncertainty(const QuestionFile& file, Mistakes& mistakes) {
  std::vector<std::string> known;
  for (const CandidateSystem& candidate : file.question.candidates)
    for (std::string& path : input_paths(candidate.system.value, file.question.reliability))
      known.push_back(std::move(path));
  for (const auto& [path, width] : file.question.uncertainty.inputs)
    if (std::ranges::find(known, path) == known.end())
      mistakes.add(file.places.at("uncertainty.inputs." + path),
                   in_quotes(path) + " is no input that may be off", suggestion(path, known, "inputs"));
}

void note_reliability(const QuestionFile& file, Mistakes& mistakes) {
  for (const CandidateSystem& candidate : file.question.candidates) {
    std::vector<double> sizes{candidate.npus.begin(), candidate.npus.end()};
    if (sizes.empty()) sizes.push_back(static_cast<double>(npus(candidate.system.value.fabric())));
    for (const topology::Flaw& flaw :
         models::flaws(file.question.reliability, {.npus = *std::ranges::max_element(sizes)}))
      mistakes.add(file.places.at("reliability." + flaw.key), flaw.message, flaw.help);
  }
}

/// The currency of all prices, and what does not fit a candidate.
void read_prices(QuestionFile& file, Mistakes& mistakes) {
  Question& question = file.question;
  if (question.prices) read_currency(*question.prices, "prices", file.places, mistakes);
  std::string currency = question.prices ? question.prices->currency : std::string{};
  for (std::size_t i = 0; i < question.candidates.size(); ++i) {
    CandidateSystem& candidate = question.candidates[i];
    const std::string own = "candidates." + std::to_string(i) + ".prices";
    if (candidate.prices) {
      read_currency(*candidate.prices, own, file.places, mistakes);
      if (!currency.empty() && !candidate.prices->currency.empty() && candidate.prices->currency != currency)
        mistakes.add(file.places.at(own),
                     "these prices are in " + candidate.prices->currency + ", others in " + currency,
                     "write all prices in one currency: exchange rates are not known here");
      if (currency.empty()) currency = candidate.prices->currency;
    }
    const auto& prices = question.prices_of(candidate);
    if (!prices) continue;
    for (const topology::Flaw& flaw : models::flaws(*prices, candidate.system.value))
      mistakes.add(
          file.places.at((candidate.prices ? own : "prices") + (flaw.key.empty() ? "" : "." + flaw.key)),
          candidate.system.name + ": " + flaw.message,
          flaw.help.empty() ? "give the candidate `prices` of its own" : flaw.help);
  }
}

void note_flaws(const QuestionFile& file, Mistakes& mistakes) {
  if (file.question.candidates.empty())
    mistakes.add(file.places.at("candidates"), "a plan needs a candidate", "- system: atlas_950_superpod");
  note_chosen(file, mistakes);
  note_orders(file, mistakes);
  for (std::size_t i = 0; i < file.question.candidates.size(); ++i) note_candidate(file, i, mistakes);
  note_compare(file, mistakes);
  for (const topology::Flaw& flaw : models::flaws(file.question.training().model.value))
    mistakes.add(file.places.at("workload." + flaw.key), flaw.message, flaw.help);
  if (!mistakes.empty()) return;
  note_uncertainty(file, mistakes);
  note_reliability(file, mistakes);
  if (file.question.limits.cost && file.question.currency().empty())
    mistakes.add(file.places.at("limits.cost"), "a limit on cost needs prices",
                 "give `prices`: none are known here");
  if (file.question.prefer == Preference::cost && file.question.currency().empty())
    mistakes.add(file.places.at("prefer"), "what costs least cannot be told without prices",
                 "give `prices`: none are known here");
}

}  // namespace

bool is_plan(const Node& file) { return file.find("candidates") != nullptr; }

std::string plan_schema() { return schema::document<Question>(); }

std::int64_t npus_of_unit(const models::System& system) {
  return topology::npus(system.fabric()) / system.levels.front().count;
}

std::optional<QuestionFile> read_question(const std::filesystem::path& path, const Library& library,
                                          std::span<const std::string> settings, Mistakes& mistakes) {
  auto tree = read_yaml(path, mistakes);
  return tree ? read_question(std::move(*tree), library, settings, mistakes) : std::nullopt;
}

std::optional<QuestionFile> read_question(Node tree, const Library& library,
                                          std::span<const std::string> settings, Mistakes& mistakes) {
  QuestionFile file;
  file.text = tree.place.source->text;
  file.tree = with_settings(std::move(tree), settings, mistakes);
  Reader reader{library, mistakes, file.places};
  read(file.tree, file.question, Spot{}, reader);
  if (mistakes.empty()) read_prices(file, mistakes);
  if (mistakes.empty()) note_flaws(file, mistakes);
  if (!mistakes.empty()) return std::nullopt;
  return file;
}

}  // namespace superpod::scenarios
