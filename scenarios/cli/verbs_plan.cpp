#include <unistd.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "analysis/json.hpp"
#include "analysis/page/page.hpp"
#include "analysis/results_file.hpp"
#include "analysis/whole_file.hpp"
#include "scenarios/cli/verbs.hpp"
#include "scenarios/planning/plan.hpp"
#include "scenarios/planning/plan_text.hpp"

namespace superpod::verbs {

int plan(const Options& options) {
  const auto began = std::chrono::steady_clock::now();
  const scenarios::Library library = scenarios::Library::standard();
  scenarios::Mistakes mistakes;
  const auto question = scenarios::read_question(options.input, library, options.settings, mistakes);
  scenarios::require_none(mistakes);
  const bool tells = !options.quiet && isatty(STDERR_FILENO) != 0;
  const auto progress = [&](const std::string& doing, double share) {
    if (tells)
      std::cerr << "\r\033[K" << doing << ": " << static_cast<int>(share * 100) << " %" << std::flush;
  };
  const int threads =
      options.jobs > 0 ? options.jobs : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const analysis::Result result = scenarios::plan(*question, library, threads, progress);
  if (tells) std::cerr << "\r\033[K";

  if (!options.output.empty()) analysis::write(result, options.output);
  if (!options.report.empty())
    analysis::write_whole(options.report, [&](std::ostream& out) { out << analysis::page(result); });
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  if (options.json)
    std::cout << analysis::json(result, {{"wall_s", wall.count(), "s", "of this run"}}) << '\n';
  else
    std::cout << scenarios::plan_text(result);
  if (options.quiet) return done;
  if (!options.output.empty()) std::cerr << "results: " << options.output << '\n';
  if (!options.report.empty()) std::cerr << "report: " << options.report << '\n';
  return done;
}

}  // namespace superpod::verbs
