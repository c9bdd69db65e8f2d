#include "analysis/link_use.hpp"

#include <algorithm>
#include <cmath>

namespace superpod::analysis {
namespace {

/// Sums of many constant rates over bins: adding a rate to a range of bins costs log(bins), and nothing is
/// subtracted, so that an idle bin stays exactly 0. (A segment tree: a node's rate holds for all bins below
/// it.)
class Bins {
 public:
  explicit Bins(std::size_t count) : count_{count}, tree_(2 * count, 0.0) {}

  /// Spreads `amount` evenly over [from, to], in units of bins.
  void spread(double amount, double from, double to) {
    const auto bin_of = [&](double x) { return std::min(static_cast<std::size_t>(x), count_ - 1); };
    const std::size_t first = bin_of(from), last = bin_of(to);
    if (first == last) return add(amount, first, first + 1);
    const double rate = amount / (to - from);
    add(rate * (static_cast<double>(first + 1) - from), first, first + 1);
    add(rate, first + 1, last);
    add(rate * (to - static_cast<double>(last)), last, last + 1);
  }

  [[nodiscard]] std::vector<double> amounts() const {
    std::vector<double> sums(tree_.end() - static_cast<std::ptrdiff_t>(count_), tree_.end());
    for (std::size_t bin = 0; bin < count_; ++bin)
      for (std::size_t node = (bin + count_) / 2; node > 0; node /= 2) sums[bin] += tree_[node];
    return sums;
  }

 private:
  void add(double amount, std::size_t begin, std::size_t end) {
    for (begin += count_, end += count_; begin < end; begin /= 2, end /= 2) {
      if (begin % 2 == 1) tree_[begin++] += amount;
      if (end % 2 == 1) tree_[--end] += amount;
    }
  }

  std::size_t count_;
  std::vector<double> tree_;
};

std::vector<TaskId> moves_by_start(const TaskGraph& work, const Trace& trace) {
  std::vector<TaskId> moves;
  for (std::size_t i = 0; i < work.tasks().size(); ++i)
    if (work.tasks()[i].kind == TaskGraph::Kind::move) moves.push_back(static_cast<TaskId>(i));
  std::ranges::stable_sort(moves, {},
                           [&](TaskId id) { return trace.tasks[static_cast<std::size_t>(id)].start; });
  return moves;
}

/// A link class while its moves go by in the order in which they start.
struct Tally {
  explicit Tally(std::size_t bins) : over_time{bins} {}

  void add(double bytes, const Span& span, double bins_per_second) {
    total += bytes;
    const Seconds from = std::max(span.start, busy_until);
    if (span.finish > from) busy += span.finish - from;
    busy_until = std::max(busy_until, span.finish);
    over_time.spread(bytes, span.start.in(unit::s)*bins_per_second, span.finish.in(unit::s)*bins_per_second);
  }

  double total = 0;
  Seconds busy, busy_until;
  Bins over_time;
};

}  // namespace

std::vector<LinkUse> link_use(const Platform& platform, const TaskGraph& work, const Trace& trace,
                              std::size_t bins) {
  const double step = trace.makespan.in(unit::s);
  std::vector<Tally> tallies(platform.links.size(), Tally{bins});
  for (const TaskId id : moves_by_start(work, trace)) {
    const TaskGraph::Task& move = work.tasks()[static_cast<std::size_t>(id)];
    const Platform::Route& route = platform.routes.at(static_cast<std::size_t>(move.target));
    for (const auto& [link, times] : route.hops)
      tallies.at(static_cast<std::size_t>(link))
          .add(move.amount * route.flows * times, trace.tasks[static_cast<std::size_t>(id)],
               step > 0 ? static_cast<double>(bins) / step : 0);
  }

  std::vector<LinkUse> uses;
  for (std::size_t l = 0; l < tallies.size(); ++l) {
    const Platform::Link& link = platform.links[l];
    const double could_carry = link.count * link.bandwidth.in(unit::B / unit::s) * step;
    LinkUse use{Bytes{tallies[l].total}, Bytes{tallies[l].total / link.count}, 0, 0,
                std::vector<double>(bins, 0.0)};
    if (could_carry > 0) {
      use.utilisation = tallies[l].total / could_carry;
      use.busy = tallies[l].busy / trace.makespan;
      use.over_time = tallies[l].over_time.amounts();
      for (double& amount : use.over_time) amount *= static_cast<double>(bins) / could_carry;
    }
    uses.push_back(std::move(use));
  }
  return uses;
}

}  // namespace superpod::analysis
