/// The step of DeepSeek-V3's training and its phases, as DeepSeek measured them: item, MPFT, MRFT, value,
/// unit.
#pragma once

#include "scenarios/validate/simulated_rows.hpp"

namespace superpod::scenarios {

/// Whether a table has these columns.
bool has_step_phases(const Csv& table);

/// The scenario `deepseek_v3_pretraining_on_2048_h800.yaml`, and which of its figures an item is: the step,
/// or a phase (models/training/phases.hpp). Compared is the multi-plane fat tree (MPFT), the network of that
/// system. Throws Unpredictable for items that are no times of a step.
/// Source: arXiv 2505.09343, table 4.
SimulatedRow step_phase(const Cells& cells);

}  // namespace superpod::scenarios
