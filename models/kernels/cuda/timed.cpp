#include "models/kernels/cuda/timed.hpp"

#include <algorithm>

namespace superpod::models::cuda {
namespace {

std::size_t l2_bytes() {
  int device = 0, bytes = 0;
  require(cudaGetDevice(&device), "device");
  require(cudaDeviceGetAttribute(&bytes, cudaDevAttrL2CacheSize, device), "size of the L2");
  return static_cast<std::size_t>(bytes);
}

}  // namespace

Timed::Timed() : stream_{make_stream()}, begin_{make_event()}, end_{make_event()} {}

void Timed::settle() {
  enqueue(stream());
  require(cudaStreamSynchronize(stream()), "first run");
}

Seconds Timed::run(int times, Cache cache) {
  const int at_least_once = std::max(times, 1);
  return cache == Cache::cold ? run_cold(at_least_once) : run_warm(at_least_once);
}

/// Of `runs` one after the other; null where there can be none.
ReadyGraph Timed::graph_of(int runs) {
  if (!has_graph()) return nullptr;
  require(cudaStreamBeginCapture(stream(), cudaStreamCaptureModeThreadLocal), "begin of capture");
  for (int i = 0; i < runs; ++i) enqueue(stream());
  cudaGraph_t captured = nullptr;
  require(cudaStreamEndCapture(stream(), &captured), "end of capture");
  const Graph graph{captured};
  cudaGraphExec_t ready = nullptr;
  require(cudaGraphInstantiate(&ready, graph.get(), 0), "graph");
  ReadyGraph held{ready};
  require(cudaGraphUpload(held.get(), stream()), "upload of the graph");
  return held;
}

void Timed::start(const ReadyGraph& graph) {
  if (graph)
    require(cudaGraphLaunch(graph.get(), stream()), "launch of the graph");
  else
    enqueue(stream());
}

Seconds Timed::between_events() {
  require(cudaEventSynchronize(end_.get()), "run");
  float milliseconds = 0;
  require(cudaEventElapsedTime(&milliseconds, begin_.get(), end_.get()), "time");
  return static_cast<double>(milliseconds) * unit::ms;
}

Seconds Timed::run_warm(int times) {
  constexpr int most_nodes = 4096;  // larger graphs take longer to make than to run
  const int in_graph = has_graph() ? std::clamp(most_nodes / nodes(), 1, times) : 1;
  const int launches = (times + in_graph - 1) / in_graph;
  const ReadyGraph graph = graph_of(in_graph);
  start(graph);  // fills the caches, and keeps the device busy until the host has handed over what is timed
  require(cudaEventRecord(begin_.get(), stream()), "event");
  for (int i = 0; i < launches; ++i) start(graph);
  require(cudaEventRecord(end_.get(), stream()), "event");
  return between_events() / (static_cast<double>(launches) * in_graph);
}

Seconds Timed::run_cold(int times) {
  if (flush_.size() == 0) flush_ = Memory<unsigned char>{2 * l2_bytes()};
  const ReadyGraph graph = graph_of(1);
  Seconds sum;
  for (int i = 0; i < times; ++i) {
    // While the device writes, the host has time to hand over what follows, so that nothing waits in between.
    require(cudaMemsetAsync(flush_.get(), i % 256, flush_.size(), stream()), "flush");
    require(cudaEventRecord(begin_.get(), stream()), "event");
    start(graph);
    require(cudaEventRecord(end_.get(), stream()), "event");
    sum += between_events();
  }
  return sum / static_cast<double>(times);
}

}  // namespace superpod::models::cuda
