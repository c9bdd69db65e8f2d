/// Copies, launches, and our own kernels that read and write each element once.
#pragma once

#include <memory>

#include "models/kernels/cuda/timed.hpp"

namespace superpod::models::cuda {

std::unique_ptr<Timed> make_copy(std::size_t bytes);
std::unique_ptr<Timed> make_launch();
std::unique_ptr<Timed> make_quantise(std::int64_t rows, std::int64_t columns, std::uint64_t seed);
std::unique_ptr<Timed> make_rms_norm(std::int64_t rows, std::int64_t columns, std::uint64_t seed);

}  // namespace superpod::models::cuda
