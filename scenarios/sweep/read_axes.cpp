#include "scenarios/sweep/read_axes.hpp"

#include <cmath>

#include "scenarios/sweep/scalar.hpp"
#include "scenarios/text/source_file.hpp"
#include "scenarios/text/yaml_merge.hpp"

namespace superpod::scenarios {
namespace {

using Kind = Node::Kind;

/// Both ends as numbers of one unit.
struct Ends {
  ScalarNumber from, to;
};

std::optional<Ends> ends_of(const AxisRange& range, const Spot& spot, Reader& reader) {
  const Place from_place = reader.places.at(spot.inside("from").path);
  const Place to_place = reader.places.at(spot.inside("to").path);
  const auto from = scalar_number(range.from), to = scalar_number(range.to);
  const auto refuse = [&](const Place& place, const std::string& text) {
    reader.mistakes.add(place, in_quotes(text) + " is neither a number nor a quantity",
                        "a range goes from number to number (8) or from quantity to quantity (50 GB/s)");
  };
  if (!from) refuse(from_place, range.from);
  if (!to) refuse(to_place, range.to);
  if (!from || !to) return std::nullopt;
  if (from->unit != to->unit) {
    reader.mistakes.add(to_place, in_quotes(range.to) + " has another unit than " + in_quotes(range.from),
                        "both ends are of one kind");
    return std::nullopt;
  }
  if (range.scale == Spacing::log && (from->value <= 0 || to->value <= 0)) {
    reader.mistakes.add(from->value <= 0 ? from_place : to_place, "equal ratios need ends above zero",
                        "scale: linear");
    return std::nullopt;
  }
  return Ends{*from, *to};
}

/// Rounding must not make 3.9999999999999996 of 4: what is so close to a whole number is one.
double settled(double value) {
  constexpr double rounding = 1e-12;
  const double whole = std::round(value);
  return std::abs(value - whole) <= rounding * std::abs(whole) ? whole : value;
}

double value_at(const Ends& ends, const AxisRange& range, int step) {
  if (step == range.steps - 1) return ends.to.value;
  const double share = static_cast<double>(step) / (range.steps - 1);
  return settled(range.scale == Spacing::log
                     ? ends.from.value * std::pow(ends.to.value / ends.from.value, share)
                     : ends.from.value + share * (ends.to.value - ends.from.value));
}

std::vector<Node> values_of(const Node& node, const Spot& spot, Reader& reader) {
  if (node.kind == Kind::list) {
    if (node.children.empty())
      reader.mistakes.add(node.place, in_quotes(node.key) + " has no values", "write [a, b, c]");
    return node.children;
  }
  if (node.kind != Kind::mapping) {
    reader.mistakes.add(node.place,
                        in_quotes(node.key) + " must be a list or a range, but this is " + described(node),
                        "write [a, b, c], or {from: 1, to: 8, steps: 4, scale: log}");
    return {};
  }
  AxisRange range;
  const std::size_t before = reader.mistakes.count();
  read(node, range, spot, reader);
  if (reader.mistakes.count() > before) return {};
  const auto ends = ends_of(range, spot, reader);
  std::vector<Node> values(ends ? static_cast<std::size_t>(range.steps) : 0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i].kind = Kind::scalar;
    values[i].place = node.place;
    values[i].text = scalar_text({value_at(*ends, range, static_cast<int>(i)), ends->from.unit});
  }
  return values;
}

/// Notes a path that is none by itself.
bool is_path(const Node& node, Reader& reader) {
  return setting_tree(node.key, node.key_place, Node{}, reader.mistakes).has_value();
}

}  // namespace

void read(const Node& node, BaseScenario& out, const Spot& spot, Reader& reader) {
  reader.places.add(spot.path, node);
  if (node.kind == Kind::mapping) {
    out.tree = node;
    return;
  }
  if (node.kind != Kind::scalar) {
    reader.mistakes.add(node.place, "scenario must be a file or a mapping, but this is " + described(node),
                        std::string{spot.meaning});
    return;
  }
  const std::filesystem::path folder = node.place.source
                                           ? std::filesystem::path{node.place.source->name}.parent_path()
                                           : std::filesystem::path{};
  try {
    const auto source = read_source(folder / node.text, reader.mistakes);
    if (!source) return;
    out.text = source->text;
    out.tree = parse_yaml(source, reader.mistakes);
  } catch (const std::runtime_error& why) {
    reader.mistakes.add(node.place, why.what(), "the path counts from the folder of the sweep");
  }
}

void read(const Node& node, Axes& out, const Spot& spot, Reader& reader) {
  if (!is_mapping(node, spot, spot.name, reader)) return;
  reader.places.add(spot.path, node);
  for (const Node& child : node.children)
    if (is_path(child, reader))
      out.all.push_back({child.key, child.key_place, values_of(child, spot.inside(child.key), reader)});
}

void read(const Node& node, Zipped& out, const Spot& spot, Reader& reader) {
  read(node, static_cast<Axes&>(out), spot, reader);
  for (const Axes::Axis& axis : out.all)
    if (axis.values.size() != out.all.front().values.size())
      reader.mistakes.add(axis.place,
                          in_quotes(axis.path) + " has " + std::to_string(axis.values.size()) + " values, " +
                              in_quotes(out.all.front().path) + " has " +
                              std::to_string(out.all.front().values.size()),
                          "what is zipped changes row by row; `axes` combines all with all");
}

void read(const Node& node, Points& out, const Spot& spot, Reader& reader) {
  if (!is_list(node, spot, reader)) return;
  reader.places.add(spot.path, node);
  for (const Node& point : node.children) {
    if (!is_mapping(point, spot, "a point", reader)) continue;
    std::vector<Setting> row;
    for (const Node& child : point.children)
      if (is_path(child, reader)) row.push_back({child.key, child.key_place, child});
    out.rows.push_back(std::move(row));
  }
}

}  // namespace superpod::scenarios
