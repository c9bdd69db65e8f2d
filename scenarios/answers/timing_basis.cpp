#include "scenarios/answers/timing_basis.hpp"

#include <algorithm>
#include <limits>

#include "models/hardware/kernel_time.hpp"

namespace superpod::scenarios {
namespace {

/// Kernels whose times come from one timing model.
struct Use {
  const models::FamilyTiming* timing = nullptr;  // null: by the roofline
  std::string entry;
  bool own = false;
  double error = 0;  // NaN: not known
  double time = 0;   // s of an average NPU in a step
};

std::vector<Use> uses_of(const std::vector<models::KernelCount>& kernels, const models::Chip& chip) {
  std::vector<Use> uses;
  for (const auto& [use, count] : kernels) {
    const models::TimingChoice choice = models::timing_of(family_of(use.kernel), chip);
    const auto same = [&](const Use& other) {
      return other.timing == choice.timing && other.entry == choice.entry && other.own == choice.own;
    };
    auto at = std::ranges::find_if(uses, same);
    if (at == uses.end()) {
      constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
      at = uses.insert(at, {choice.timing, std::string{choice.entry}, choice.own,
                            choice.timing ? expected_error(choice).value_or(unknown) : unknown, 0});
    }
    at->time += count * use.time.time.in(unit::s);
  }
  std::ranges::stable_sort(uses, std::greater{}, &Use::time);
  return uses;
}

}  // namespace

std::vector<TimingUse> timing_basis(const std::vector<models::KernelCount>& kernels,
                                    const models::Chip& chip) {
  const std::vector<Use> uses = uses_of(kernels, chip);
  double all = 0;
  for (const Use& use : uses) all += use.time;
  std::vector<TimingUse> basis;
  for (const Use& use : uses)
    basis.push_back({use.timing ? text(use.timing->family()) : "roofline",
                     use.timing ? use.entry + (use.own ? "" : ", borrowed") : chip.name, use.error,
                     all > 0 ? use.time / all : 0, use.timing ? use.timing->source : "no measurement"});
  return basis;
}

void add_timing_basis(const std::vector<TimingUse>& basis, analysis::Result& result) {
  std::vector<std::string> cases, of, sources;
  std::vector<double> errors, shares;
  for (const TimingUse& use : basis) {
    cases.push_back(use.family), of.push_back(use.of), errors.push_back(use.error);
    shares.push_back(use.share), sources.push_back(use.source);
  }
  result.tables.push_back(
      {"validation",
       "case",
       "timing models that the step's kernels use, checked on shapes that they had not seen",
       {{"case", "", "family of kernels that was measured", cases},
        {"of", "", "timings of the catalogue; borrowed: of another chip or family", of},
        {"error", "", "mean |predicted / measured - 1| to expect, weighted by time; NaN: not known", errors},
        {"share", "", "of the step's computation", shares},
        {"source", "", "table of measurements", sources}},
       analysis::View::checks});
}

}  // namespace superpod::scenarios
