#pragma once

#include <cstddef>
#include <filesystem>

#include "sim/platform/platform.hpp"
#include "sim/platform/task_graph.hpp"
#include "sim/platform/trace.hpp"

namespace superpod::analysis {

inline constexpr std::size_t most_slices_to_view =
    1'000'000;  ///< some 300 MB: what Perfetto opens in a browser

/// Makes a timeline of the run for https://ui.perfetto.dev or chrome://tracing, whole or not at all (see
/// `write_whole`).
///
/// One process for each rank class, named with its count. In it one thread for each device, and threads for
/// what the rank sends and receives: one for each cause, and more where moves of one cause overlap in time,
/// so that in a thread nothing overlaps. A slice has the name of the task's label and, as category, its
/// cause; its arguments are `microbatch`, and for a move `bytes` (of one flow), `flows` (that it stands for),
/// `from` and `to`. A move between two classes is a slice on both sides, joined by an arrow. Times are
/// rounded to nanoseconds.
/// Of a run with more slices than `most_slices`, the rank classes that come first, one at least; `otherData`
/// says how many. Format: Google, "Trace Event Format", JSON object form.
/// Cost: the file is written as it is made; some 150 bytes a device task, 600 a move between classes.
void write_chrome_trace(const Platform& platform, const TaskGraph& work, const Trace& trace,
                        const std::filesystem::path& path, std::size_t most_slices = most_slices_to_view);

}  // namespace superpod::analysis
