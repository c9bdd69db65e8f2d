#include "topology/metrics/metrics.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include "sim/values/index.hpp"
#include "sim/values/quantity_text.hpp"
#include "topology/metrics/graph.hpp"

namespace superpod::topology {
namespace {

using Symmetry = Wiring::Symmetry;

/// Above this many links the largest flow is found on a coarser graph.
constexpr double flow_limit = 250e3;

/// Two figures that differ by less are the same but for rounding.
constexpr double rounding = 1e-9;

/// Halves and nothing finer: digits that differ are merged too, which can only add ways for a flow.
std::vector<Cells> halves_only(const Wiring& wiring, int level) {
  std::vector<Cells> cells;
  cells.reserve(static_cast<std::size_t>(wiring.levels()));
  for (int l = 0; l < wiring.levels(); ++l) cells.emplace_back(index(wiring.count(l)), 0);
  Cells& cut = cells[index(level)];
  std::fill(cut.begin() + wiring.count(level) / 2, cut.end(), 1);
  return cells;
}

BytesPerSecond flow_across(const Wiring& wiring, const std::vector<Cells>& cells, int level) {
  const Graph merged = graph(wiring, cells);
  std::vector<bool> near(merged.nodes.size());
  std::vector<bool> far(merged.nodes.size());
  for (std::size_t npu = 0; npu < index(merged.npus); ++npu) {
    const bool first_half = merged.nodes[npu].key.at[index(level)] < wiring.count(level) / 2;
    near[npu] = first_half;
    far[npu] = !first_half;
  }
  return max_flow(merged, near, far);
}

Cut cut(const Wiring& wiring, int level) {
  const int count = wiring.count(level);
  const int half = count / 2;
  std::vector<Cells> cells = halved(wiring, level);
  const bool exact = graph_size(wiring, cells).links <= flow_limit;
  if (!exact) cells = halves_only(wiring, level);
  const BytesPerSecond bandwidth = flow_across(wiring, cells, level);
  const double npus_of_digit = static_cast<double>(npus(wiring.fabric())) / count;
  return {level, half, count - half, bandwidth, bandwidth / (npus_of_digit * half), exact};
}

std::optional<Cut> narrowest(const std::vector<Cut>& cuts) {
  if (cuts.empty()) return {};
  const BytesPerSecond least = std::ranges::min_element(cuts, {}, &Cut::share)->share;
  const auto narrow = [&](const Cut& c) { return c.share <= (1 + rounding) * least; };
  const auto even = std::ranges::find_if(cuts, [&](const Cut& c) { return narrow(c) && c.half == c.rest; });
  return even != cuts.end() ? *even : *std::ranges::find_if(cuts, narrow);
}

/// Digits that one NPU need look at to find its nearest and its farthest peer on a level.
std::vector<int> telling_digits(const Wiring& wiring, int level, int seen) {
  const int count = wiring.count(level);
  std::vector<int> digits;
  if (wiring.symmetry(level) == Symmetry::all) {
    digits = {seen, (seen + 1) % count};
  } else if (std::holds_alternative<Torus>(wiring.fabric().networks[index(wiring.network_of(level))])) {
    // Latency grows with the distance along a ring.
    digits = {seen, (seen + 1) % count, (seen + count / 2) % count};
  } else {
    for (int digit = 0; digit < count; ++digit) digits.push_back(digit);
  }
  std::ranges::sort(digits);
  digits.erase(std::unique(digits.begin(), digits.end()), digits.end());
  return digits;
}

std::vector<Address> telling_peers(const Wiring& wiring, const Address& npu) {
  std::vector<Address> peers{Address{}};
  for (int level = 0; level < wiring.levels(); ++level) {
    std::vector<Address> longer;
    for (const Address& peer : peers)
      for (const int digit : telling_digits(wiring, level, npu[index(level)])) {
        longer.push_back(peer);
        longer.back()[index(level)] = digit;
      }
    peers = std::move(longer);
  }
  std::erase(peers, npu);
  return peers;
}

int diameter(const Wiring& wiring, const std::vector<Address>& sources) {
  // The cells are the same for all sources, which differ on levels that have no symmetry and so are not
  // merged.
  const std::vector<Cells> cells = seen_from(wiring, sources.front());
  const Graph seen = graph(wiring, cells);
  std::vector<int> numbers;
  numbers.reserve(sources.size());
  for (const Address& source : sources) numbers.push_back(node_index(wiring, cells, npu_key(wiring, source)));
  int most = 0;
  for (const std::vector<int>& hops : hops_from(seen, numbers))
    most = std::max(most, *std::max_element(hops.begin(), hops.begin() + seen.npus));
  return most;
}

std::string_view word(Symmetry symmetry) {
  switch (symmetry) {
    case Symmetry::all:
      return "all alike";
    case Symmetry::rotations:
      return "alike by rotation";
    case Symmetry::none:
      break;
  }
  return "each different";
}

/// Rows of cells, padded: the first column to the left, the others to the right.
class Table {
 public:
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  friend std::ostream& operator<<(std::ostream& out, const Table& table) {
    std::vector<std::size_t> widths;
    for (const auto& row : table.rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : table.rows_) {
      out << "  ";
      for (std::size_t i = 0; i < row.size(); ++i)
        out << (i == 0 ? "" : "  ") << (i == 0 ? std::left : std::right)
            << std::setw(static_cast<int>(widths[i])) << row[i];
      out << '\n';
    }
    return out;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

std::string cut_text(const Wiring& wiring, const Cut& cut) {
  return (cut.exact ? "" : "at most ") + text(cut.bandwidth) + " in one direction, " + text(cut.share) +
         " for each NPU (" + wiring.fabric().levels[index(cut.level)].name + ": " + std::to_string(cut.half) +
         " against " + std::to_string(cut.rest) + ")";
}

}  // namespace

std::vector<Cut> cuts(const Wiring& wiring) {
  std::vector<Cut> result;
  for (int level = 0; level < wiring.levels(); ++level)
    if (wiring.count(level) > 1) result.push_back(cut(wiring, level));
  return result;
}

std::optional<Cut> bisection(const Wiring& wiring) { return narrowest(cuts(wiring)); }

std::optional<Reach> reach(const Wiring& wiring) {
  if (npus(wiring.fabric()) < 2) return {};
  const std::vector<Address> sources = representatives(wiring);
  std::optional<Reach> result;
  for (const Address& source : sources)
    for (const Address& peer : telling_peers(wiring, source)) {
      const Seconds latency = wiring.latency(wiring.route(source, peer));
      if (!result) result = Reach{0, latency, latency};
      result->nearest = std::min(result->nearest, latency);
      result->farthest = std::max(result->farthest, latency);
    }
  result->diameter = diameter(wiring, sources);
  return result;
}

Metrics metrics(const Wiring& wiring) {
  Metrics m;
  m.npus = static_cast<double>(npus(wiring.fabric()));
  m.npu_classes = static_cast<double>(representatives(wiring).size());
  for (const NodeFamily& family : wiring.node_families())
    m.nodes.push_back({family.name, wiring.members(family)});
  for (const LinkFamily& family : wiring.link_families()) {
    const double count = wiring.members(family);
    m.links.push_back(
        {family.name, count, family.cables, family.bandwidth, family.latency, count * family.bandwidth});
    if (family.from != 0) continue;
    m.ports += count / m.npus * family.cables;
    m.injection += count / m.npus * family.bandwidth;
  }
  m.reach = reach(wiring);
  m.cuts = cuts(wiring);
  m.bisection = narrowest(m.cuts);
  return m;
}

std::string text(const Wiring& wiring, const Metrics& m) {
  std::ostringstream out;
  out << "NPUs        " << si(m.npus) << " in " << si(m.npu_classes)
      << (m.npu_classes == 1 ? " class" : " classes") << " by symmetry\n";
  out << "NPU         " << si(m.ports) << " ports out, " << superpod::text(m.injection)
      << " in one direction\n";
  if (m.reach)
    out << "reach       diameter " << m.reach->diameter << " hops; latency "
        << superpod::text(m.reach->nearest) << " to " << superpod::text(m.reach->farthest) << '\n';
  if (m.bisection) out << "bisection   " << cut_text(wiring, *m.bisection) << '\n';

  Table levels;
  Table nodes;
  Table links;
  levels.add({"level", "count", "symmetry"});
  for (int level = 0; level < wiring.levels(); ++level)
    levels.add({wiring.fabric().levels[index(level)].name, std::to_string(wiring.count(level)),
                std::string{word(wiring.symmetry(level))}});
  nodes.add({"nodes", "count"});
  for (const auto& node : m.nodes) nodes.add({node.name, si(node.count)});
  links.add({"directed links", "count", "cables each", "bandwidth", "latency", "total"});
  for (const auto& link : m.links)
    links.add({link.name, si(link.count), si(link.cables), superpod::text(link.bandwidth),
               superpod::text(link.latency), superpod::text(link.total)});
  out << '\n' << levels << '\n' << nodes << '\n' << links;
  if (!m.cuts.empty()) out << "\ncuts\n";
  for (const Cut& c : m.cuts) out << "  " << cut_text(wiring, c) << '\n';
  return out.str();
}

}  // namespace superpod::topology
