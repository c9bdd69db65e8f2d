#include "topology/cabling/nearness.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "topology/fabric/fabric.hpp"

namespace superpod::topology {
namespace {

constexpr std::size_t most_npus = 4096;
constexpr Bytes message = 1 * unit::MiB;
constexpr double infinite = std::numeric_limits<double>::infinity();

std::size_t place_of(int i) { return static_cast<std::size_t>(i); }

/// Ties are those that agree to rounding.
bool less(double a, double b) { return a < b && (b - a > 1e-6 * b || b == infinite); }

/// Times of the message from one NPU to all nodes, by the rule of cabling_routes.hpp: over switches alone,
/// or else over other NPUs.
class Times {
 public:
  explicit Times(const Cabling& cabling) : cabling_{cabling}, out_(cabling.nodes.size()) {
    for (std::size_t l = 0; l < cabling.links.size(); ++l)
      if (cabling.links[l].from != absent) out_[place_of(cabling.links[l].from)].push_back(l);
  }

  /// [node]
  std::vector<double> from(int node) const {
    std::vector<double> times = search(node, false);
    const std::vector<double> over_npus = search(node, true);
    for (std::size_t to = 0; to < times.size(); ++to)
      if (times[to] == infinite) times[to] = over_npus[to];
    return times;
  }

  static double of_route(const Cabling::Route& route, const Cabling& cabling) {
    BytesPerSecond least{infinite};
    for (const int link : route.links) least = std::min(least, cabling.links[place_of(link)].bandwidth);
    return time(static_cast<int>(route.links.size()), route.latency, least);
  }

 private:
  static double time(int links, Seconds latency, BytesPerSecond bandwidth) {
    return (latency + links * (message / bandwidth)).in(unit::s);
  }

  std::vector<double> search(int from, bool npus_pass_on) const {
    const std::size_t nodes = cabling_.nodes.size();
    std::vector<int> distance(nodes, -1), reached{from};
    std::vector<BytesPerSecond> bandwidth(nodes);
    std::vector<Seconds> latency(nodes);
    std::vector<double> times(nodes, infinite);
    distance[place_of(from)] = 0;
    bandwidth[place_of(from)] = BytesPerSecond{infinite};
    for (std::size_t i = 0; i < reached.size(); ++i) {
      const std::size_t node = place_of(reached[i]);
      times[node] = time(distance[node], latency[node], bandwidth[node]);
      if (reached[i] != from && !npus_pass_on && cabling_.nodes[node].npu) continue;
      for (const std::size_t l : out_[node]) {
        const auto& link = cabling_.links[l];
        const std::size_t next = place_of(link.to);
        if (distance[next] < 0) {
          distance[next] = distance[node] + 1;
          reached.push_back(link.to);
        }
        if (distance[next] != distance[node] + 1) continue;
        bandwidth[next] = bandwidth[next] + std::min(bandwidth[node], link.bandwidth);
        latency[next] = std::max(latency[next], latency[node] + link.latency);
      }
    }
    return times;
  }

  const Cabling& cabling_;
  std::vector<std::vector<std::size_t>> out_;  // [node] links
};

/// [NPU][NPU] how far they are from each other.
using Distances = std::vector<std::vector<double>>;

Distances distances(const Cabling& cabling, const std::vector<int>& npus) {
  const Times times{cabling};
  Distances far(npus.size(), std::vector<double>(npus.size()));
  for (std::size_t a = 0; a < npus.size(); ++a) {
    const std::vector<double> from = times.from(npus[a]);
    for (std::size_t b = 0; b < npus.size(); ++b) {
      const auto given = cabling.routes.find({npus[a], npus[b]});
      far[a][b] =
          given == cabling.routes.end() ? from[place_of(npus[b])] : Times::of_route(given->second, cabling);
    }
  }
  for (std::size_t a = 0; a < npus.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) far[a][b] = far[b][a] = std::max(far[a][b], far[b][a]);
  return far;
}

/// Places NPUs run by run.
class Growth {
 public:
  explicit Growth(const Distances& far) : far_{far}, placed_(far.size()), to_run_(far.size()) {}

  std::vector<int> order() {
    begin_run(farthest());
    while (order_.size() < far_.size()) {
      const std::size_t next = nearest_to_run();
      const double mean = to_run_[next] / static_cast<double>(in_run_);
      if (in_run_ > 1 && less(widest_, mean)) {
        begin_run(nearest_to_last());
        continue;
      }
      widest_ = std::max(widest_, mean);
      place(next);
    }
    return std::move(order_);
  }

 private:
  [[nodiscard]] std::size_t farthest() const {
    std::size_t found = 0;
    double most = -1;
    for (std::size_t npu = 0; npu < far_.size(); ++npu)
      if (const double sum = std::accumulate(far_[npu].begin(), far_[npu].end(), 0.0); less(most, sum)) {
        most = sum;
        found = npu;
      }
    return found;
  }

  void begin_run(std::size_t first) {
    std::ranges::fill(to_run_, 0.0);
    in_run_ = 0;
    widest_ = 0;
    place(first);
  }

  void place(std::size_t npu) {
    placed_[npu] = true;
    order_.push_back(static_cast<int>(npu));
    ++in_run_;
    for (std::size_t other = 0; other < far_.size(); ++other) to_run_[other] += far_[npu][other];
  }

  [[nodiscard]] std::size_t last() const { return place_of(order_.back()); }

  /// Unplaced NPUs that are as near to both as these are to each other.
  [[nodiscard]] std::size_t common(std::size_t a, std::size_t b) const {
    std::size_t count = 0;
    for (std::size_t npu = 0; npu < far_.size(); ++npu)
      if (!placed_[npu] && npu != b && !less(far_[a][b], far_[a][npu]) && !less(far_[a][b], far_[b][npu]))
        ++count;
    return count;
  }

  template <class Better>
  [[nodiscard]] std::size_t best(Better&& is_better) const {
    std::size_t found = far_.size();
    for (std::size_t npu = 0; npu < far_.size(); ++npu)
      if (!placed_[npu] && (found == far_.size() || is_better(npu, found))) found = npu;
    return found;
  }

  [[nodiscard]] std::size_t nearest_to_run() const {
    return best([&](std::size_t a, std::size_t b) {
      if (less(to_run_[a], to_run_[b]) || less(to_run_[b], to_run_[a])) return less(to_run_[a], to_run_[b]);
      if (in_run_ == 1) return common(last(), a) > common(last(), b);
      return less(far_[last()][a], far_[last()][b]);
    });
  }

  [[nodiscard]] std::size_t nearest_to_last() const {
    return best([&](std::size_t a, std::size_t b) {
      const auto& from = far_[last()];
      if (less(from[a], from[b]) || less(from[b], from[a])) return less(from[a], from[b]);
      return less(to_run_[a], to_run_[b]);
    });
  }

  const Distances& far_;
  std::vector<bool> placed_;
  std::vector<double> to_run_;  // [NPU] sum of its distances to those in the run
  std::size_t in_run_ = 0;
  double widest_ = 0;  // mean distance of the NPU that was farthest from the run when it joined
  std::vector<int> order_;
};

}  // namespace

std::vector<int> by_nearness(const Cabling& cabling) {
  const std::vector<int> npus = npus_of(cabling);
  if (npus.size() <= most_npus) return Growth{distances(cabling, npus)}.order();
  std::vector<int> as_listed(npus.size());
  std::iota(as_listed.begin(), as_listed.end(), 0);
  return as_listed;
}

}  // namespace superpod::topology
