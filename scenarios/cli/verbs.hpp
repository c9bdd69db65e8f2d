/// What each verb of the command line does; with main.cpp, all that prints.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/work/work.hpp"
#include "scenarios/bench/bench.hpp"
#include "scenarios/calibration/calibration.hpp"

namespace superpod::verbs {

/// Exit codes.
enum Exit { done = 0, world_failed = 1, input_is_wrong = 2, our_fault = 3 };

struct Options {
  std::string input, output, report, trace, svg, dot, simgrid, shelf;
  std::vector<std::string> inputs, settings;
  std::string device_name, date;
  scenarios::CalibrationRequest calibration;
  models::Detail detail = models::Detail::folded;
  scenarios::DeviceKind device = scenarios::DeviceKind::cpu;
  int threads = 0;
  std::size_t shapes = 0;
  std::uint64_t seed = 1;
  int jobs = 0;  // of a sweep; 0: as many as there are processors
  bool json = false, quiet = false, quick = false, resume = false, verify = false;
};

// Each returns its exit code, and throws what went wrong.
int run(const Options& options);
int check(const Options& options);
int explain(const Options& options);
int list(const Options& options);
int show(const Options& options);
int fabric(const Options& options);
int report(const Options& options);
int bench(const Options& options);
int calibrate(const Options& options);
int validate(const Options& options);
int plan(const Options& options);
int schema(const Options& options);
int sweep(const Options& options);

}  // namespace superpod::verbs
