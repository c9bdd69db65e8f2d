/// Times of collectives on an idle network, in closed form: what the engine must give, and what a reader can
/// check.
///
/// `size` as in collective.hpp, over `ranks` >= 1 equal peers; `latency` is that of the path between two
/// peers, `bandwidth` of one direction. `port` means the one link of a rank into a switch, `link` the direct
/// link of a pair.
/// Assumes: no other traffic; the reduction hides behind the transfer.
#pragma once

#include "sim/values/units.hpp"

namespace superpod::models {

/// Ring reduce-scatter, all-gather, and pairwise all-to-all over a switch: (p - 1) * (latency + size / (p *
/// bandwidth)).
/// Source: Patarasuk & Yuan, "Bandwidth optimal all-reduce algorithms for clusters of workstations", JPDC
///         69(2), 2009.
Seconds ring_reduce_scatter_time(Bytes size, int ranks, Seconds latency, BytesPerSecond bandwidth);

/// Twice ring_reduce_scatter_time; the bandwidth term 2 (p - 1) / p * size is a lower bound (same source).
Seconds ring_all_reduce_time(Bytes size, int ranks, Seconds latency, BytesPerSecond bandwidth);

/// Recursive halving, then doubling: 2 * (log2(p) * latency + (p - 1) / p * size / bandwidth); `ranks` a
/// power of two.
/// Source: Thakur, Rabenseifner, Gropp, IJHPCA 19(1), 2005, section 4.5.
Seconds halving_doubling_all_reduce_time(Bytes size, int ranks, Seconds latency, BytesPerSecond port);

/// The same on a ring of `ranks` with two directed links a neighbour pair: partners at distance d = 2^k share
/// each link d ways, and are d hops apart: 2 * sum over k of (endpoint + d * hop + size / 2^(k+1) * d /
/// bandwidth).
Seconds halving_doubling_all_reduce_time_on_torus(Bytes size, int ranks, Seconds endpoint, Seconds hop,
                                                  BytesPerSecond bandwidth);

/// All pairs at once over links of their own: latency + size / (p * link).
Seconds direct_all_to_all_time_on_full_mesh(Bytes size, int ranks, Seconds latency, BytesPerSecond link);

/// All pairs at once through one port a rank: latency + (p - 1) / p * size / port.
Seconds direct_all_to_all_time_on_switch(Bytes size, int ranks, Seconds latency, BytesPerSecond port);

/// All pairs at once on a ring, without hop latency: each link carries sum of d over d = 1 .. p/2 messages
/// (ties forward; (p^2 - 1) / 8 for odd p): endpoint + that * size / (p * bandwidth).
Seconds direct_all_to_all_time_on_torus(Bytes size, int ranks, Seconds endpoint, BytesPerSecond bandwidth);

}  // namespace superpod::models
