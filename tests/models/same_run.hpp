/// A plan folded by refinement says of every task what the whole plan says.
#pragma once

#include <gtest/gtest.h>

#include "models/work/work_folding.hpp"
#include "sim/engine/engine.hpp"

namespace superpod::models {

inline constexpr double folded_equals_full = 1e-9;  // relative: what the project promises

inline void expect_same_run(const Work& whole) {
  using unit::s;
  const FoldedWork few = folded(whole);
  const Trace all = run(whole.platform, whole.work), of_few = run(few.plan.platform, few.plan.work);
  const double end = all.makespan.in(s);
  EXPECT_NEAR(of_few.makespan.in(s), end, folded_equals_full * end);
  for (std::size_t t = 0; t < all.tasks.size(); ++t) {
    const Span& span = of_few.tasks[static_cast<std::size_t>(few.task[t])];
    ASSERT_NEAR(span.start.in(s), all.tasks[t].start.in(s), folded_equals_full * end) << "task " << t;
    ASSERT_NEAR(span.finish.in(s), all.tasks[t].finish.in(s), folded_equals_full * end) << "task " << t;
  }
}

}  // namespace superpod::models
