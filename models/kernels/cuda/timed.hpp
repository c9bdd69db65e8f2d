/// How a kernel is timed, whatever it is.
#pragma once

#include "models/kernels/cuda/device.hpp"
#include "models/kernels/cuda/resources.hpp"

namespace superpod::models::cuda {

class Timed : public ReadyKernel {
 public:
  Seconds run(int times, Cache cache) final;

  /// Runs it once, so that what is loaded at first use is there before a graph is captured, and errors show.
  void settle();

 protected:
  Timed();

  /// Starts one run.
  virtual void enqueue(cudaStream_t stream) = 0;

  /// Whether `enqueue` may be captured into a graph.
  [[nodiscard]] virtual bool has_graph() const { return true; }

  /// Nodes that one run adds to a graph.
  [[nodiscard]] virtual int nodes() const { return 1; }

  [[nodiscard]] cudaStream_t stream() const { return stream_.get(); }

 private:
  ReadyGraph graph_of(int runs);
  Seconds run_warm(int times);
  Seconds run_cold(int times);
  void start(const ReadyGraph& graph);
  Seconds between_events();

  Stream stream_;
  Event begin_, end_;
  Memory<unsigned char> flush_;
};

}  // namespace superpod::models::cuda
