#include "scenarios/sweep/sweep.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "scenarios/sweep/read_axes.hpp"
#include "scenarios/sweep/unreachable_settings.hpp"
#include "scenarios/text/yaml_merge.hpp"

namespace superpod::scenarios {
namespace {

std::vector<Dial> dials_of(const Sweep& sweep) {
  std::vector<Dial> dials;
  if (!sweep.points.rows.empty()) dials.push_back({"points", sweep.points.rows});
  if (!sweep.zipped.all.empty()) {
    Dial zipped{"zipped", {}};
    zipped.rows.resize(sweep.zipped.all.front().values.size());
    for (std::size_t row = 0; row < zipped.rows.size(); ++row)
      for (const Axes::Axis& axis : sweep.zipped.all)
        zipped.rows[row].push_back({axis.path, axis.place, axis.values[row]});
    dials.push_back(std::move(zipped));
  }
  for (const Axes::Axis& axis : sweep.axes.all) {
    Dial dial{axis.path, {}};
    for (const Node& value : axis.values) dial.rows.push_back({Setting{axis.path, axis.place, value}});
    dials.push_back(std::move(dial));
  }
  return dials;
}

/// Two dials that turn the same value, and more points than anybody can run.
void note_dials(const SweepFile& file, const Places& places, Mistakes& mistakes) {
  std::set<std::string> turned;
  for (const Dial& dial : file.dials) {
    std::set<std::string> own;
    for (const auto& row : dial.rows)
      for (const Setting& setting : row)
        if (own.insert(setting.path).second && !turned.insert(setting.path).second)
          mistakes.add(setting.place, in_quotes(setting.path) + " varies twice",
                       "leave it to one of axes, zipped and points");
  }
  if (file.dials.empty())
    mistakes.add(places.at(""), "nothing varies in this sweep", "give it axes, zipped rows or points");
  double points = 1;
  for (const Dial& dial : file.dials) points *= static_cast<double>(dial.rows.size());
  if (points > static_cast<double>(most_points))
    mistakes.add(places.at("axes"), "more than " + std::to_string(most_points) + " points",
                 "all combinations of " + std::to_string(file.dials.size()) + " axes; make them shorter");
}

}  // namespace

std::int64_t SweepFile::points() const {
  std::int64_t count = 1;
  for (const Dial& dial : dials) count *= static_cast<std::int64_t>(dial.rows.size());
  return count;
}

std::vector<std::size_t> SweepFile::rows_of(std::int64_t point) const {
  std::vector<std::size_t> rows(dials.size());
  auto left = static_cast<std::size_t>(point);
  for (std::size_t d = dials.size(); d-- > 0;) {
    rows[d] = left % dials[d].rows.size();
    left /= dials[d].rows.size();
  }
  return rows;
}

std::vector<const Setting*> SweepFile::settings_of(std::int64_t point) const {
  std::vector<const Setting*> settings;
  const auto rows = rows_of(point);
  for (std::size_t d = 0; d < dials.size(); ++d)
    for (const Setting& setting : dials[d].rows[rows[d]]) settings.push_back(&setting);
  return settings;
}

Node SweepFile::scenario_of(std::int64_t point, Mistakes& mistakes) const {
  Node tree = *sweep.scenario.tree;
  for (const Setting* setting : settings_of(point))
    if (const auto change = setting_tree(setting->path, setting->place, setting->value, mistakes))
      tree = merged(std::move(tree), *change, mistakes);
  return tree;
}

bool is_sweep(const Node& file) {
  if (file.find("workload")) return false;
  return std::ranges::any_of(std::array{"scenario", "axes", "zipped", "points"},
                             [&](const char* key) { return file.find(key) != nullptr; });
}

std::string sweep_schema() { return schema::document<Sweep>(); }

std::optional<SweepFile> read_sweep(const std::filesystem::path& path, const Library& library,
                                    Mistakes& mistakes) {
  const auto tree = read_yaml(path, mistakes);
  return tree ? read_sweep(*tree, library, mistakes) : std::nullopt;
}

std::optional<SweepFile> read_sweep(const Node& tree, const Library& library, Mistakes& mistakes) {
  SweepFile file;
  file.text = tree.place.source->text;
  Places places;
  Reader reader{library, mistakes, places};
  read(tree, file.sweep, Spot{}, reader);
  if (mistakes.empty()) {
    file.dials = dials_of(file.sweep);
    note_dials(file, places, mistakes);
  }
  if (mistakes.empty()) note_unreachable(file, library, mistakes);
  if (!mistakes.empty()) return std::nullopt;
  return file;
}

}  // namespace superpod::scenarios
