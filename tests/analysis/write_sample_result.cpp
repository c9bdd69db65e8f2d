/// Writes the sample result to the file named on the command line, for the readers' tests.
#include <exception>
#include <iostream>

#include "analysis/results_file.hpp"
#include "tests/analysis/sample_result.hpp"

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: write_sample_result OUT.h5\n";
    return 2;
  }
  try {
    superpod::analysis::write(superpod::analysis::sample::result(), words[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
