#include "scenarios/sweep/unreachable_settings.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "scenarios/asked/scenario.hpp"

namespace superpod::scenarios {
namespace {

constexpr std::size_t most_probes = 1000, most_carriers = 200, most_suspects = 50;

/// What is wrong with the values of a point by themselves, however they fit together.
std::vector<Mistake> wrong_values(const SweepFile& file, std::int64_t point, const Library& library) {
  Mistakes mistakes;
  Scenario scenario;
  Places places;
  Reader reader{library, mistakes, places};
  read(file.scenario_of(point, mistakes), scenario, Spot{}, reader);
  return mistakes.sorted();
}

std::string identity(const Mistake& mistake) { return text(mistake.place) + mistake.message; }

std::vector<std::size_t> spread(std::size_t count, std::size_t most) {
  std::vector<std::size_t> chosen;
  const std::size_t taken = std::min(count, most);
  for (std::size_t i = 0; i < taken; ++i) chosen.push_back(i * count / taken);
  return chosen;
}

/// Rows of a dial that cover what it can set: each path at least once.
std::vector<std::size_t> rows_to_probe(const Dial& dial) {
  std::vector<std::size_t> rows = spread(dial.rows.size(), most_probes);
  std::set<std::string> known;
  for (std::size_t row = 0; row < dial.rows.size(); ++row)
    for (const Setting& setting : dial.rows[row])
      if (known.insert(setting.path).second) rows.push_back(row);
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

/// The point at which dial `d` stands in `row` and all others in their first.
std::int64_t probe(const SweepFile& file, std::size_t d, std::size_t row) {
  auto point = static_cast<std::int64_t>(row);
  for (std::size_t after = d + 1; after < file.dials.size(); ++after)
    point *= static_cast<std::int64_t>(file.dials[after].rows.size());
  return point;
}

bool is_at(const Place& place, const Place& other) {
  return place.source == other.source && place.line == other.line && place.column >= other.column &&
         place.column < other.column + std::max(1, other.length);
}

bool stands_in(const Place& place, const Node& node) {
  return is_at(place, node.place) || std::ranges::any_of(node.children, [&](const Node& child) {
           return stands_in(place, child) || is_at(place, child.key_place);
         });
}

/// Which points may have a mistake: those in which a dial stands in one of some rows; all of them without a
/// dial.
struct Carriers {
  std::size_t dial = 0;
  std::vector<std::size_t> rows;
};

Carriers carriers(const SweepFile& file, const Mistake& mistake, std::int64_t point) {
  const auto rows = file.rows_of(point);
  for (std::size_t d = 0; d < file.dials.size(); ++d)
    for (const Setting& setting : file.dials[d].rows[rows[d]]) {
      if (is_at(mistake.place, setting.place)) {
        Carriers all{d, {}};
        for (std::size_t row = 0; row < file.dials[d].rows.size(); ++row)
          if (std::ranges::any_of(file.dials[d].rows[row],
                                  [&](const Setting& other) { return is_at(mistake.place, other.place); }))
            all.rows.push_back(row);
        return all;
      }
      if (stands_in(mistake.place, setting.value)) return {d, {rows[d]}};
    }
  return {0, spread(file.dials.front().rows.size(), most_carriers)};
}

/// Whether all points that may have the mistake have it, as far as some that are spread over them tell.
bool is_everywhere(const SweepFile& file, const Mistake& mistake, const Carriers& where,
                   const Library& library) {
  std::size_t inner = 1, outer = 1;  // combinations of the dials after, and before
  for (std::size_t d = 0; d < where.dial; ++d) outer *= file.dials[d].rows.size();
  for (std::size_t d = where.dial + 1; d < file.dials.size(); ++d) inner *= file.dials[d].rows.size();
  const std::size_t stride = file.dials[where.dial].rows.size();
  for (const std::size_t i : spread(outer * where.rows.size() * inner, most_carriers)) {
    const std::size_t row = where.rows[i / inner % where.rows.size()];
    const std::size_t before = i / inner / where.rows.size();
    const auto point = static_cast<std::int64_t>((before * stride + row) * inner + i % inner);
    const auto found = wrong_values(file, point, library);
    if (std::ranges::find(found, identity(mistake), identity) == found.end()) return false;
  }
  return true;
}

}  // namespace

void note_unreachable(const SweepFile& file, const Library& library, Mistakes& mistakes) {
  std::map<std::string, std::pair<Mistake, Carriers>> suspects;
  for (std::size_t d = 0; d < file.dials.size(); ++d)
    for (const std::size_t row : rows_to_probe(file.dials[d])) {
      if (suspects.size() >= most_suspects) break;
      const std::int64_t point = probe(file, d, row);
      for (const Mistake& mistake : wrong_values(file, point, library))
        if (!suspects.contains(identity(mistake)))
          suspects.emplace(identity(mistake), std::pair{mistake, carriers(file, mistake, point)});
    }
  for (const auto& [key, suspect] : suspects)
    if (is_everywhere(file, suspect.first, suspect.second, library))
      mistakes.add(suspect.first.place, suspect.first.message, suspect.first.help);
}

}  // namespace superpod::scenarios
