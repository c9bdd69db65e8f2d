#include "models/calibration/parameters.hpp"

#include <array>

namespace superpod::models {
namespace {

template <Seconds TimingParameters::*member>
constexpr FittedParameter seconds(std::string_view name, double usual, double low, double high) {
  return {name,
          [](const TimingParameters& p) { return (p.*member).in(unit::s); },
          [](TimingParameters& p, double x) { p.*member = Seconds{x}; },
          usual,
          low,
          high};
}

template <double TimingParameters::*member>
constexpr FittedParameter number(std::string_view name, double usual, double low, double high) {
  return {name,
          [](const TimingParameters& p) { return p.*member; },
          [](TimingParameters& p, double x) { p.*member = x; },
          usual,
          low,
          high};
}

using P = TimingParameters;
// The ranges are wide: they keep a fit from where the physics ends, and no more. Lowest times are as good as
// none.
constexpr auto matrix_efficiency = number<&P::matrix_efficiency>("matrix_efficiency", 0.8, 0.05, 1);
constexpr auto memory_efficiency = number<&P::memory_efficiency>("memory_efficiency", 0.9, 0.05, 1);
constexpr auto launch = seconds<&P::launch>("launch", 6e-6, 1e-8, 1e-3);
constexpr auto overlap = number<&P::overlap>("overlap", 1.8, 1, 20);
constexpr auto fill = seconds<&P::fill>("fill", 2e-6, 1e-9, 1e-3);
constexpr auto latency = seconds<&P::latency>("latency", 1e-7, 1e-9, 1e-5);
constexpr auto cache_gain = number<&P::cache_gain>("cache_gain", 4, 0.5, 100);
constexpr auto elementwise = number<&P::elementwise_efficiency>("elementwise_efficiency", 0.3, 0.02, 1);
constexpr auto split_cost = seconds<&P::split_cost>("split_cost", 4e-6, 1e-8, 1e-3);
constexpr auto split_tile = seconds<&P::split_tile>("split_tile", 2e-7, 1e-9, 1e-4);
constexpr auto group = seconds<&P::group>("group", 1e-7, 1e-9, 1e-5);
constexpr auto tail = number<&P::tail>("tail", 0.5, 0.01, 10);
constexpr auto row = seconds<&P::row>("row", 5e-8, 1e-10, 1e-5);
constexpr auto throttle = number<&P::throttle>("throttle", 0.15, 1e-3, 1);
// Tables hold kernels of up to some 20 ms: within them the chip gets as hot as they can tell.
constexpr auto throttle_after = seconds<&P::throttle_after>("throttle_after", 2e-3, 1e-4, 5e-3);

constexpr std::array of_gemm{matrix_efficiency, memory_efficiency, launch,        fill,
                             overlap,           latency,           cache_gain,    throttle,
                             elementwise,       split_cost,        throttle_after};
constexpr std::array of_grouped_gemm{matrix_efficiency, memory_efficiency, launch,   fill,        overlap,
                                     latency,           cache_gain,        throttle, elementwise, group,
                                     split_cost,        throttle_after};
constexpr std::array of_prefill{matrix_efficiency, memory_efficiency, launch, overlap, fill, tail,
                                throttle,          throttle_after};
constexpr std::array of_decode{memory_efficiency, launch, overlap, fill,       latency,
                               cache_gain,        tail,   row,     split_cost, split_tile};
constexpr std::array of_vector{memory_efficiency, launch};

}  // namespace

std::span<const FittedParameter> fitted_parameters(KernelFamily::Form form) {
  using enum KernelFamily::Form;
  switch (form) {
    case gemm:
      return of_gemm;
    case grouped_gemm:
      return of_grouped_gemm;
    case attention_prefill:
    case attention_backward:
    case mla_prefill:
      return of_prefill;
    case attention_decode:
    case mha_decode:
    case mla_decode:
      return of_decode;
    case vector:
      break;
  }
  return of_vector;
}

}  // namespace superpod::models
