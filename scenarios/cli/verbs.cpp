#include "scenarios/cli/verbs.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <stdexcept>

#include "analysis/chrome_trace.hpp"
#include "analysis/json.hpp"
#include "analysis/page/comparison.hpp"
#include "analysis/page/page.hpp"
#include "analysis/results_file.hpp"
#include "analysis/whole_file.hpp"
#include "scenarios/answers/summary.hpp"
#include "scenarios/asked/explain.hpp"
#include "scenarios/asked/reachable.hpp"
#include "scenarios/asked/schema.hpp"
#include "scenarios/planning/question.hpp"
#include "scenarios/run/simulate.hpp"
#include "scenarios/run/verify.hpp"
#include "scenarios/sweep/sweep.hpp"
#include "scenarios/validate/validation.hpp"
#include "topology/cabling/cabling_metrics.hpp"
#include "topology/files/export.hpp"
#include "topology/files/graph_file.hpp"
#include "topology/metrics/metrics.hpp"
#include "topology/pictures/drawing.hpp"

namespace superpod::verbs {
namespace {

using scenarios::Library;

void write_text(const std::string& path, const std::string& text) {
  analysis::write_whole(path, [&](std::ostream& out) { out << text; });
}

void say_where(const Options& options, const char* what, const std::string& path) {
  if (!options.quiet) std::cerr << what << ": " << path << '\n';
}

/// A bar on a terminal, nothing elsewhere.
std::function<void(double)> progress_bar(const Options& options, const char* doing) {
  if (options.quiet || isatty(STDERR_FILENO) == 0) return {};
  return [doing](double share) {
    constexpr int width = 40;
    const int full = static_cast<int>(share * width);
    std::cerr << '\r' << doing << " [" << std::string(static_cast<std::size_t>(full), '=')
              << std::string(static_cast<std::size_t>(width - full), ' ') << "] "
              << static_cast<int>(share * 100) << " %" << std::flush;
  };
}

void end_progress_bar(const Options& options) {
  if (!options.quiet && isatty(STDERR_FILENO) != 0) std::cerr << "\r\033[K";
}

std::function<void(const scenarios::Forecast&)> forecast_to(const Options& options) {
  return [&](const scenarios::Forecast& need) {
    if (!options.quiet) std::cerr << "forecast: " << need.text() << '\n';
  };
}

double peak_memory() {
  double kilobytes = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    kilobytes = std::max(kilobytes, static_cast<double>(usage.ru_maxrss));
  }
  return kilobytes * 1024;
}

template <class E>
std::string list_of_words(const std::string& title) {
  std::string out = title + "\n";
  for (const auto& [word, value] : words(E{})) out += "  " + std::string{word} + "\n";
  return out;
}

std::string list_of_topologies() {
  std::string out = "topologies\n";
  const auto add = [&]<class... T>(std::variant<T...>*) {
    ((out += "  " + std::string{T::kind} + "\n"), ...);
  };
  add(static_cast<topology::Network*>(nullptr));
  return out;
}

/// A table takes minutes: what keeps it from being written is better known before.
void require_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path{path}.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder))
    throw std::runtime_error{path + ": there is no folder " + folder.string()};
}

/// A file that somebody has drawn, not a system of the catalogue.
bool is_graph_file(const std::string& input) { return std::filesystem::path{input}.has_extension(); }

int fabric_of_file(const Options& options) {
  scenarios::Mistakes mistakes;
  if (!options.svg.empty() || !options.dot.empty() || !options.simgrid.empty())
    mistakes.add({}, "only systems of the catalogue are drawn", "the file is a drawing already");
  try {
    if (mistakes.empty())
      std::cout << options.input << "\n\n" << text(topology::metrics(topology::read_cabling(options.input)));
  } catch (const topology::GraphFileError& wrong) {
    mistakes.add({}, wrong.what());
  }
  scenarios::require_none(mistakes);
  return done;
}

/// Notes what is wrong with a scenario, a sweep or a plan.
void check(scenarios::Node file, const Options& options, scenarios::Mistakes& mistakes) {
  const Library library = Library::standard();
  if (scenarios::is_sweep(file))
    static_cast<void>(scenarios::read_sweep(file, library, mistakes));
  else if (scenarios::is_plan(file))
    static_cast<void>(scenarios::read_question(std::move(file), library, options.settings, mistakes));
  else if (const auto scenario =
               scenarios::read_scenario(std::move(file), library, options.settings, mistakes))
    scenarios::check_ways(*scenario, mistakes);
}

int verify(const Options& options) {
  const auto file = scenarios::read_scenario(options.input, Library::standard(), options.settings);
  const auto found = scenarios::verify(file, forecast_to(options));
  std::cout << found.text();
  return found.agrees() ? done : our_fault;
}

}  // namespace

int run(const Options& options) {
  if (options.verify) return verify(options);
  const auto began = std::chrono::steady_clock::now();
  const auto file = scenarios::read_scenario(options.input, Library::standard(), options.settings);
  const auto simulated =
      scenarios::simulate(file, options.detail, progress_bar(options, "simulating"), forecast_to(options));
  end_progress_bar(options);

  if (!options.output.empty()) analysis::write(simulated.result, options.output);
  if (!options.report.empty()) write_text(options.report, analysis::page(simulated.result));
  if (!options.trace.empty())
    analysis::write_chrome_trace(simulated.plan.platform, simulated.plan.work, simulated.trace,
                                 options.trace);

  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  if (options.json)
    std::cout << analysis::json(simulated.result,
                                {{"wall_s", wall.count(), "s", "of this run"},
                                 {"peak_rss_bytes", peak_memory(), "B", "of its largest process"}})
              << '\n';
  else
    std::cout << scenarios::summary(simulated.result);
  if (!options.output.empty()) say_where(options, "results", options.output);
  if (!options.report.empty()) say_where(options, "report", options.report);
  if (!options.trace.empty()) say_where(options, "trace (open in https://ui.perfetto.dev)", options.trace);
  return done;
}

int check(const Options& options) {
  int outcome = done;
  for (const std::string& input : options.inputs) {
    scenarios::Mistakes mistakes;
    if (auto tree = scenarios::read_yaml(input, mistakes)) check(std::move(*tree), options, mistakes);
    if (mistakes.empty()) {
      if (!options.quiet) std::cout << input << ": no mistakes\n";
      continue;
    }
    std::cerr << text(mistakes);
    outcome = input_is_wrong;
  }
  return outcome;
}

int explain(const Options& options) {
  const Library library = Library::standard();
  std::cout << scenarios::explain(scenarios::read_scenario(options.input, library, options.settings),
                                  library);
  return done;
}

int list(const Options& options) {
  const Library library = Library::standard();
  if (options.shelf.empty()) {
    std::cout << scenarios::list("", library) << '\n'
              << list_of_topologies() << '\n'
              << list_of_words<models::Operation>("collectives") << '\n'
              << scenarios::list_of_scenarios();
    return done;
  }
  if (options.shelf == "topologies")
    std::cout << list_of_topologies();
  else if (options.shelf == "collectives")
    std::cout << list_of_words<models::Operation>("collectives");
  else if (options.shelf == "scenarios")
    std::cout << scenarios::list_of_scenarios();
  else
    std::cout << scenarios::list(options.shelf, library);
  return done;
}

int show(const Options& options) {
  std::cout << scenarios::show(options.input, Library::standard());
  return done;
}

int fabric(const Options& options) {
  if (is_graph_file(options.input)) return fabric_of_file(options);
  const models::System system = scenarios::system_named(options.input, Library::standard());
  const topology::Wiring wiring{system.fabric()};
  std::cout << system.name << "\n\n" << text(wiring, topology::metrics(wiring));
  if (!options.svg.empty()) write_text(options.svg, topology::svg(wiring, system.name));
  if (!options.dot.empty()) write_text(options.dot, topology::dot(wiring));
  if (!options.simgrid.empty()) write_text(options.simgrid, topology::simgrid_xml(wiring));
  return done;
}

int report(const Options& options) {
  const analysis::Result first = analysis::read(options.inputs.front());
  write_text(options.output, options.inputs.size() == 1
                                 ? analysis::page(first)
                                 : analysis::comparison_page(first, analysis::read(options.inputs.back())));
  say_where(options, "report", options.output);
  return done;
}

int bench(const Options& options) {
  require_folder_of(options.output);
  scenarios::BenchPlan plan = options.quick ? scenarios::quick_plan() : scenarios::BenchPlan{};
  if (options.shapes > 0) plan.shapes = options.shapes;
  plan.seed = options.seed;
  plan.name = options.device_name;
  const auto device = scenarios::bench_device(options.device, options.threads);
  auto table = scenarios::measure(*device, Library::standard(), plan, progress_bar(options, "measuring"));
  end_progress_bar(options);
  if (!options.date.empty()) table.comments.push_back("date: " + options.date);
  analysis::write_whole(options.output, [&](std::ostream& out) { write(out, table); });
  for (const auto& [why, count] : table.left_out)
    if (!options.quiet) std::cerr << "left out: " << count << " of " << why << '\n';
  std::cout << table.rows.size() << " rows on " << table.rows.front().device << '\n';
  say_where(options, "table", options.output);
  return done;
}

int calibrate(const Options& options) {
  const auto calibration = scenarios::calibrate(options.calibration, Library::standard());
  std::cout << (options.json ? json(calibration) + "\n" : text(calibration));
  if (!options.output.empty()) {
    write_text(options.output, yaml(calibration));
    say_where(options, "timings", options.output);
  }
  if (!options.report.empty()) {
    write_text(options.report, page(calibration));
    say_where(options, "report", options.report);
  }
  return done;
}

int validate(const Options& options) {
  const auto validation =
      scenarios::validate(options.input, Library::standard(), progress_bar(options, "predicting"));
  end_progress_bar(options);
  if (!options.output.empty())
    analysis::write_whole(options.output, [&](std::ostream& out) { write(out, validation); });
  if (!options.report.empty()) write_text(options.report, page(validation));
  std::cout << (options.json ? json(validation) + "\n" : text(validation));
  if (!options.output.empty()) say_where(options, "table", options.output);
  if (!options.report.empty()) say_where(options, "report", options.report);
  return done;
}

int schema(const Options& options) {
  const std::string text = options.shelf == "sweep"  ? scenarios::sweep_schema()
                           : options.shelf == "plan" ? scenarios::plan_schema()
                                                     : scenarios::json_schema();
  if (options.output.empty())
    std::cout << text;
  else
    write_text(options.output, text);
  return done;
}

}  // namespace superpod::verbs
