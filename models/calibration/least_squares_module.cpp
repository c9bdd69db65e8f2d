#include <ceres/ceres.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "models/calibration/least_squares_door.hpp"

namespace superpod::models {
namespace {

/// All residuals as one block, so that one evaluation walks the table once.
class Block final : public ceres::CostFunction {
 public:
  Block(const Residuals& residuals, int count, std::span<const Interval> bounds, double step)
      : residuals_{residuals}, bounds_{bounds.begin(), bounds.end()}, step_{step} {
    set_num_residuals(count);
    mutable_parameter_block_sizes()->push_back(static_cast<int>(bounds.size()));
  }

  bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override {
    const std::size_t size = bounds_.size(), count = static_cast<std::size_t>(num_residuals());
    std::vector<double> x(parameters[0], parameters[0] + size);
    residuals_(x, {residuals, count});
    if (!jacobians || !jacobians[0]) return true;
    std::vector<double> above(count), below(count);
    for (std::size_t j = 0; j < size; ++j) {
      const double at = x[j], high = std::min(at + step_, bounds_[j].high),
                   low = std::max(at - step_, bounds_[j].low);
      x[j] = high;
      residuals_(x, above);
      x[j] = low;
      residuals_(x, below);
      x[j] = at;
      for (std::size_t i = 0; i < count; ++i)
        jacobians[0][i * size + j] = (above[i] - below[i]) / (high - low);
    }
    return true;
  }

 private:
  const Residuals& residuals_;
  std::vector<Interval> bounds_;
  double step_;
};

Minimum minimum(const LeastSquares& of) {
  const auto& [residuals, count, start, bounds, step] = of;
  std::vector<double> x(start.begin(), start.end());
  ceres::Problem problem;
  problem.AddResidualBlock(new Block{residuals, count, bounds, step}, nullptr,
                           x.data());  // owned by the problem
  for (std::size_t j = 0; j < x.size(); ++j) {
    problem.SetParameterLowerBound(x.data(), static_cast<int>(j), bounds[j].low);
    problem.SetParameterUpperBound(x.data(), static_cast<int>(j), bounds[j].high);
  }
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.max_num_iterations = 40;
  options.function_tolerance = 1e-5;
  options.logging_type = ceres::SILENT;
  options.num_threads = 1;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);
  return {std::move(x), summary.final_cost};
}

}  // namespace
}  // namespace superpod::models

void superpod_minimise(const superpod::models::LeastSquares& of, superpod::models::Minimum& found) {
  found = superpod::models::minimum(of);
}
