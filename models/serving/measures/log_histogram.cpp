#include "models/serving/measures/log_histogram.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/values/index.hpp"

namespace superpod::models {
namespace {

constexpr double bins_of_an_octave = 256;
constexpr Seconds least = unit::us;

int bin_of(Seconds time) {
  return static_cast<int>(std::floor(std::log2(std::max(time, least).in(unit::s)) * bins_of_an_octave));
}

Seconds begin_of(int bin) { return std::exp2(bin / bins_of_an_octave) * unit::s; }
Seconds middle_of(int bin) { return std::exp2((bin + 0.5) / bins_of_an_octave) * unit::s; }

}  // namespace

void LogHistogram::add_to(int bin, double weight) {
  if (counts_.empty()) first_ = bin;
  if (bin < first_) {
    counts_.insert(counts_.begin(), index(first_ - bin), 0.0);
    first_ = bin;
  }
  if (index(bin - first_) >= counts_.size()) counts_.resize(index(bin - first_) + 1);
  counts_[index(bin - first_)] += weight;
}

void LogHistogram::add(Seconds time, double weight) {
  if (weight <= 0) return;
  add_to(bin_of(time), weight);
  count_ += weight;
  sum_ += weight * time;
  largest_ = std::max(largest_, time);
}

void LogHistogram::add_progression(Seconds first, Seconds growth, std::int64_t count, double weight) {
  if (count <= 0 || weight <= 0) return;
  const auto n = static_cast<double>(count);
  const Seconds last = first + (n - 1) * growth;
  std::int64_t done = 0;
  for (int bin = bin_of(first); done < count; ++bin) {
    std::int64_t upto = count;  // those before the next bin
    if (growth > Seconds{} && last >= begin_of(bin + 1))
      upto =
          std::clamp(static_cast<std::int64_t>(std::ceil((begin_of(bin + 1) - first) / growth)), done, count);
    if (upto > done) add_to(bin, weight * static_cast<double>(upto - done));
    done = upto;
  }
  count_ += n * weight;
  sum_ += weight * (n * first + n * (n - 1) / 2 * growth);
  largest_ = std::max(largest_, last);
}

void LogHistogram::add(const LogHistogram& other) {
  for (std::size_t i = 0; i < other.counts_.size(); ++i)
    if (other.counts_[i] > 0) add_to(other.first_ + static_cast<int>(i), other.counts_[i]);
  count_ += other.count_;
  sum_ += other.sum_;
  largest_ = std::max(largest_, other.largest_);
}

Seconds LogHistogram::quantile(double share) const {
  double left = share * count_;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    left -= counts_[i];
    if (counts_[i] > 0 && left <= 1e-9 * count_)
      return std::min(largest_, middle_of(first_ + static_cast<int>(i)));
  }
  return largest_;
}

std::vector<LogHistogram::Bin> LogHistogram::bins() const {
  std::vector<Bin> all;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (const int bin = first_ + static_cast<int>(i); counts_[i] > 0)
      all.push_back({begin_of(bin), begin_of(bin + 1), counts_[i]});
  return all;
}

}  // namespace superpod::models
