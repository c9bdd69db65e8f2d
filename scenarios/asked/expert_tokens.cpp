#include "scenarios/asked/expert_tokens.hpp"

#include <charconv>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "scenarios/tables/csv.hpp"

namespace superpod::scenarios {
namespace {

constexpr double most_experts = 1 << 20;

std::optional<double> number(const Csv& table, const Csv::Row& row, int column, Mistakes& mistakes) {
  const std::string& field = row.fields[static_cast<std::size_t>(column)];
  double value = 0;
  const auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (problem == std::errc{} && end == field.data() + field.size() && value >= 0) return value;
  mistakes.add(table.place_of(row, column), "'" + field + "' is not a count", "a number that is 0 or more");
  return std::nullopt;
}

/// Which expert a row counts for; -1 where that is not said rightly.
int expert_of(const Csv& table, const Csv::Row& row, int column, Mistakes& mistakes) {
  const auto given = number(table, row, column, mistakes);
  if (!given) return -1;
  if (*given < most_experts && *given == static_cast<int>(*given)) return static_cast<int>(*given);
  mistakes.add(table.place_of(row, column), "this is not the number of an expert", "experts count from 0");
  return -1;
}

std::vector<double> tokens_of(const Csv& table, Mistakes& mistakes) {
  std::vector<double> tokens;
  const int count = table.column("tokens"), expert = table.column("expert");
  if (count < 0) {
    mistakes.add(table.place_of_header(), "there is no column 'tokens'", "tokens that each expert got");
    return tokens;
  }
  for (const Csv::Row& row : table.rows) {
    const auto its = number(table, row, count, mistakes);
    const int at = expert < 0 ? static_cast<int>(tokens.size()) : expert_of(table, row, expert, mistakes);
    if (!its || at < 0) continue;
    if (static_cast<std::size_t>(at) >= tokens.size()) tokens.resize(static_cast<std::size_t>(at) + 1);
    tokens[static_cast<std::size_t>(at)] += *its;
  }
  return tokens;
}

}  // namespace

void read_expert_tokens(models::ExpertLoad& load, const Places& places, Mistakes& mistakes) {
  auto* measured = std::get_if<models::MeasuredLoad>(&load);
  if (!measured || !measured->file) return;
  const Place place = places.at("workload.expert_load.file");
  if (!measured->tokens.empty())
    mistakes.add(place, "tokens are given as a list and as a file", "leave one of them out");
  const std::filesystem::path scenario = place.source ? place.source->name : std::string{};
  try {
    measured->tokens = tokens_of(read_csv(scenario.parent_path() / *measured->file, mistakes), mistakes);
  } catch (const std::runtime_error& why) {
    mistakes.add(place, why.what(), "the path counts from the folder of the scenario");
  }
}

}  // namespace superpod::scenarios
