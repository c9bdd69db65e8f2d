#include "analysis/results_file.hpp"

#include "analysis/results_file_door.hpp"
#include "sim/modules/module.hpp"

namespace superpod::analysis {
namespace {

constexpr Module behind_hdf5{SUPERPOD_RESULTS_FILE_MODULE, "libsuperpod_results_file.so"};

}  // namespace

void write(const Result& result, const std::filesystem::path& path) {
  static const auto door =
      function_of<decltype(superpod_write_results_file)>(behind_hdf5, "superpod_write_results_file");
  door(result, path);
}

Result read(const std::filesystem::path& path) {
  static const auto door =
      function_of<decltype(superpod_read_results_file)>(behind_hdf5, "superpod_read_results_file");
  Result result;
  door(path, result);
  return result;
}

}  // namespace superpod::analysis
