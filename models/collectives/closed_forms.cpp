#include "models/collectives/closed_forms.hpp"

namespace superpod::models {

Seconds ring_reduce_scatter_time(Bytes size, int ranks, Seconds latency, BytesPerSecond bandwidth) {
  return (ranks - 1) * (latency + size / ranks / bandwidth);
}

Seconds ring_all_reduce_time(Bytes size, int ranks, Seconds latency, BytesPerSecond bandwidth) {
  return 2 * ring_reduce_scatter_time(size, ranks, latency, bandwidth);
}

Seconds halving_doubling_all_reduce_time(Bytes size, int ranks, Seconds latency, BytesPerSecond port) {
  Seconds total;
  for (int mask = 1; mask < ranks; mask *= 2) {
    size = size / 2;
    total += 2 * (latency + size / port);
  }
  return total;
}

Seconds halving_doubling_all_reduce_time_on_torus(Bytes size, int ranks, Seconds endpoint, Seconds hop,
                                                  BytesPerSecond bandwidth) {
  Seconds total;
  for (int distance = 1; distance < ranks; distance *= 2) {
    size = size / 2;
    total += 2 * (endpoint + distance * hop + distance * size / bandwidth);
  }
  return total;
}

Seconds direct_all_to_all_time_on_full_mesh(Bytes size, int ranks, Seconds latency, BytesPerSecond link) {
  return latency + size / ranks / link;
}

Seconds direct_all_to_all_time_on_switch(Bytes size, int ranks, Seconds latency, BytesPerSecond port) {
  return latency + (ranks - 1) * (size / ranks) / port;
}

Seconds direct_all_to_all_time_on_torus(Bytes size, int ranks, Seconds endpoint, BytesPerSecond bandwidth) {
  const int farthest =
      ranks / 2;  // an odd ring has as many messages forward as back, each up to (p - 1) / 2 hops
  const double messages = farthest * (farthest + 1) / 2.0;
  return endpoint + messages * (size / ranks) / bandwidth;
}

}  // namespace superpod::models
