/// What the module around HDF5 offers. It is loaded when a results file is first written or read.
#pragma once

#include <filesystem>

#include "analysis/result.hpp"

extern "C" {
void superpod_write_results_file(const superpod::analysis::Result& result, const std::filesystem::path& path);
void superpod_read_results_file(const std::filesystem::path& path, superpod::analysis::Result& result);
}
