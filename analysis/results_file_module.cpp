#include "analysis/results_file_door.hpp"
#include "analysis/results_file_hdf5.hpp"

namespace hdf5 = superpod::analysis::hdf5;

void superpod_write_results_file(const superpod::analysis::Result& result,
                                 const std::filesystem::path& path) {
  hdf5::write(result, path);
}

void superpod_read_results_file(const std::filesystem::path& path, superpod::analysis::Result& result) {
  result = hdf5::read(path);
}
