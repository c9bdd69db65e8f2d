#include "models/kernels/cuda/vector.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/kernels/cuda/launches.hpp"
#include "models/kernels/cuda/reference.hpp"
#include "models/kernels/fp8/formats.hpp"

namespace superpod::models::cuda {
namespace {

double element(const std::vector<__nv_bfloat16>& array, std::size_t index) {
  return value_of_bf16(std::bit_cast<std::uint16_t>(array[index]));
}

/// Of an array that a kernel takes in pieces.
std::size_t area(std::int64_t rows, std::int64_t columns, std::int64_t piece) {
  if (rows < 1 || columns < piece || columns % piece != 0)
    throw std::invalid_argument{"columns must be a multiple of " + std::to_string(piece)};
  return static_cast<std::size_t>(rows * columns);
}

class Copy : public Timed {
 public:
  explicit Copy(std::size_t bytes) : from_{bytes}, to_{bytes} {
    require(fill_e4m3(from_.get(), bytes, bytes, stream()), "fill");
  }
  [[nodiscard]] std::string implementation() const override { return "cudaMemcpyAsync"; }
  /// 0, or infinity where something differs.
  double error() override {
    return from_.on_host() == to_.on_host() ? 0 : std::numeric_limits<double>::infinity();
  }

 protected:
  void enqueue(cudaStream_t stream) override {
    require(cudaMemcpyAsync(to_.get(), from_.get(), to_.size(), cudaMemcpyDeviceToDevice, stream), "copy");
  }

 private:
  Memory<unsigned char> from_, to_;
};

class Launch : public Timed {
 public:
  [[nodiscard]] std::string implementation() const override { return "an empty kernel"; }
  double error() override { return 0; }  // it has no result

 protected:
  void enqueue(cudaStream_t stream) override { require(launch_nothing(stream), "launch"); }
};

class QuantiseRows : public Timed {
 public:
  QuantiseRows(std::int64_t rows, std::int64_t columns, std::uint64_t seed)
      : from_{area(rows, columns, block)},
        to_{from_.size()},
        scales_{from_.size() / block},
        work_{from_.get(), to_.get(), scales_.get(), rows, columns} {
    require(fill_bf16(from_.get(), from_.size(), seed, stream()), "fill");
  }
  [[nodiscard]] std::string implementation() const override { return "superpod"; }
  double error() override;

 protected:
  void enqueue(cudaStream_t stream) override { require(launch(work_, stream), "quantisation"); }

 private:
  static constexpr std::int64_t block = 128;
  Memory<__nv_bfloat16> from_;
  Memory<std::uint8_t> to_;
  Memory<float> scales_;
  Quantise work_;
};

/// Scales are compared too: one FP32 division explains 2^-24.
double QuantiseRows::error() {
  const auto from = from_.on_host();
  const auto to = to_.on_host();
  const auto scales = scales_.on_host();
  double worst = 0;
  for (const std::int64_t at : sample(static_cast<std::int64_t>(scales.size()))) {
    const std::int64_t row = at % work_.rows, first = row * work_.columns + at / work_.rows * block;
    double largest = 0;
    for (std::int64_t i = first; i < first + block; ++i)
      largest = std::max(largest, std::abs(element(from, static_cast<std::size_t>(i))));
    const double scale = scales[static_cast<std::size_t>(at)], want = largest / 448;
    worst = worse(worst, std::abs(scale - want) / std::ldexp(want, -23));
    for (std::int64_t i = first; i < first + block; ++i) {
      const auto index = static_cast<std::size_t>(i);
      const double x = element(from, index), got = scale * fp8::value(fp8::E4m3{to[index]});
      // Half a unit in the last of E4M3's 4 bits, or half its smallest number, and what two divisions add.
      const double explained = std::max(std::abs(x) / 16, scale * std::ldexp(1, -10)) * 1.0001;
      worst = worse(worst, std::abs(got - x) / explained);
    }
  }
  return worst;
}

class NormaliseRows : public Timed {
 public:
  NormaliseRows(std::int64_t rows, std::int64_t columns, std::uint64_t seed)
      : from_{area(rows, columns, 8)},
        weight_{static_cast<std::size_t>(columns)},
        to_{from_.size()},
        work_{from_.get(), weight_.get(), to_.get(), rows, columns} {
    require(fill_bf16(from_.get(), from_.size(), seed, stream()), "fill");
    require(fill_bf16(weight_.get(), weight_.size(), seed + 1, stream()), "fill");
  }
  [[nodiscard]] std::string implementation() const override { return "superpod"; }
  double error() override;

 protected:
  void enqueue(cudaStream_t stream) override { require(launch(work_, stream), "RMSNorm"); }

 private:
  Memory<__nv_bfloat16> from_, weight_, to_;
  RmsNorm work_;
};

double NormaliseRows::error() {
  const auto from = from_.on_host(), weight = weight_.on_host(), to = to_.on_host();
  double worst = 0;
  for (const std::int64_t row : sample(work_.rows)) {
    double squares = 0;
    for (std::int64_t c = 0; c < work_.columns; ++c)
      squares += std::pow(element(from, static_cast<std::size_t>(row * work_.columns + c)), 2);
    const double factor = 1 / std::sqrt(squares / static_cast<double>(work_.columns) + 1e-6);
    for (std::int64_t c = 0; c < work_.columns; ++c) {
      const auto index = static_cast<std::size_t>(row * work_.columns + c);
      const double want = element(from, index) * factor * element(weight, static_cast<std::size_t>(c));
      const double explained = 1.01 * bf16_rounding * std::abs(want) + std::numeric_limits<float>::min();
      worst = worse(worst, std::abs(element(to, index) - want) / explained);
    }
  }
  return worst;
}

}  // namespace

std::unique_ptr<Timed> make_copy(std::size_t bytes) { return std::make_unique<Copy>(bytes); }

std::unique_ptr<Timed> make_launch() { return std::make_unique<Launch>(); }

std::unique_ptr<Timed> make_quantise(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  return std::make_unique<QuantiseRows>(rows, columns, seed);
}

std::unique_ptr<Timed> make_rms_norm(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  return std::make_unique<NormaliseRows>(rows, columns, seed);
}

}  // namespace superpod::models::cuda
