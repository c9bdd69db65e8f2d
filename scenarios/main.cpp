// The command line: the only file that prints or exits.
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "analysis/chrome_trace.hpp"
#include "analysis/json.hpp"
#include "analysis/page/page.hpp"
#include "analysis/results_file.hpp"
#include "analysis/whole_file.hpp"
#include "scenarios/bench/bench.hpp"
#include "scenarios/calibration/calibration.hpp"
#include "scenarios/explain.hpp"
#include "scenarios/schema.hpp"
#include "scenarios/simulate.hpp"
#include "scenarios/summary.hpp"
#include "scenarios/validate/validation.hpp"
#include "topology/drawing.hpp"
#include "topology/export.hpp"
#include "topology/metrics.hpp"

namespace {

using namespace superpod;
using scenarios::Library;

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
  bool json = false, quiet = false, quick = false;
};

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

double peak_memory() {
  double kilobytes = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    kilobytes = std::max(kilobytes, static_cast<double>(usage.ru_maxrss));
  }
  return kilobytes * 1024;
}

int run(const Options& options) {
  const auto began = std::chrono::steady_clock::now();
  const auto file = scenarios::read_scenario(options.input, Library::standard(), options.settings);
  const auto simulated = scenarios::simulate(file, options.detail, progress_bar(options, "simulating"));
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
    static_cast<void>(scenarios::read_scenario(input, Library::standard(), options.settings, mistakes));
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
  const models::System system = scenarios::system_named(options.input, Library::standard());
  const topology::Wiring wiring{system.fabric()};
  std::cout << system.name << "\n\n" << text(wiring, topology::metrics(wiring));
  if (!options.svg.empty()) write_text(options.svg, topology::svg(wiring, system.name));
  if (!options.dot.empty()) write_text(options.dot, topology::dot(wiring));
  if (!options.simgrid.empty()) write_text(options.simgrid, topology::simgrid_xml(wiring));
  return done;
}

int report(const Options& options) {
  write_text(options.output, analysis::page(analysis::read(options.input)));
  say_where(options, "report", options.output);
  return done;
}

/// A table takes minutes: what keeps it from being written is better known before.
void require_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path{path}.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder))
    throw std::runtime_error{path + ": there is no folder " + folder.string()};
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
  if (options.output.empty())
    std::cout << scenarios::json_schema();
  else
    write_text(options.output, scenarios::json_schema());
  return done;
}

/// A verb, and what it does when it was chosen.
struct Verb {
  CLI::App* app;
  int (*action)(const Options&);
};

void add_settings(CLI::App* app, Options& options) {
  app->add_option("--set", options.settings, "overrides, as path=value (workload.microbatch=2)")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
}

std::vector<Verb> add_verbs(CLI::App& app, Options& options) {
  std::vector<Verb> verbs;
  const auto add = [&](const char* name, const char* what, const char* example,
                       int (*action)(const Options&)) {
    CLI::App* verb = app.add_subcommand(name, what);
    verb->footer(std::string{"Example: superpod "} + example);
    verbs.push_back({verb, action});
    return verb;
  };
  CLI::App* verb = add("run", "Simulate a scenario, and say what it means",
                       "run scenario.yaml -o out.h5 --report out.html", run);
  verb->add_option("scenario", options.input, "YAML file")->required();
  verb->add_option("-o,--output", options.output, "results, as HDF5")->type_name("OUT.h5");
  verb->add_option("--report", options.report, "page that needs no network")->type_name("OUT.html");
  verb->add_option("--trace", options.trace, "timeline for Perfetto")->type_name("OUT.json");
  add_settings(verb, options);
  verb->add_option("--engine", options.detail,
                   "folded: one of each class of equal ranks; full: every rank and link")
      ->transform(CLI::CheckedTransformer(std::map<std::string, models::Detail>{
          {"folded", models::Detail::folded}, {"full", models::Detail::full}}))
      ->option_text("folded|full");
  verb->add_flag("--json", options.json, "print one JSON object");
  verb->add_flag("--quiet", options.quiet, "no progress, no messages");

  verb = add("check", "Find every mistake of scenarios; run nothing", "check scenarios/*.yaml", check);
  verb->add_option("scenarios", options.inputs, "YAML files")->required();
  add_settings(verb, options);
  verb->add_flag("--quiet", options.quiet, "say nothing about scenarios without mistakes");

  verb = add("explain", "Print every resolved parameter, with its source and grade", "explain scenario.yaml",
             explain);
  verb->add_option("scenario", options.input, "YAML file")->required();
  add_settings(verb, options);

  verb = add("list", "Print what the catalogue holds", "list chips", list);
  verb->add_option("what", options.shelf, "one part of it")
      ->check(
          CLI::IsMember({"chips", "systems", "models", "timings", "topologies", "collectives", "scenarios"}));

  verb = add("show", "Print a catalogue entry, with sources and grades", "show ascend_950dt", show);
  verb->add_option("name", options.input, "of the entry")->required();

  verb = add("fabric", "Print and draw what joins the NPUs of a system",
             "fabric atlas_950_superpod --svg fabric.svg", fabric);
  verb->add_option("system", options.input, "catalogue name")->required();
  verb->add_option("--svg", options.svg, "picture")->type_name("F.svg");
  verb->add_option("--dot", options.dot, "graph for Graphviz (small systems)")->type_name("F.dot");
  verb->add_option("--simgrid", options.simgrid, "platform for SimGrid (small systems)")->type_name("F.xml");

  verb = add("report", "Make a page from a results file", "report out.h5 -o out.html", report);
  verb->add_option("results", options.input, "HDF5 file that `run` wrote")->required();
  verb->add_option("-o,--output", options.output, "page")->required()->type_name("OUT.html");
  verb->add_flag("--quiet", options.quiet, "no messages");

  verb = add("bench", "Measure kernels on this machine, into a table for `calibrate`",
             "bench --device cpu --quick -o cpu.csv", bench);
  verb->add_option("--device", options.device, "what runs them")
      ->transform(CLI::CheckedTransformer(std::map<std::string, scenarios::DeviceKind>{
          {"cpu", scenarios::DeviceKind::cpu}, {"cuda", scenarios::DeviceKind::cuda}}))
      ->option_text("cpu|cuda");
  verb->add_option("-o,--output", options.output, "table")->required()->type_name("TABLE.csv");
  verb->add_flag("--quick", options.quick, "24 shapes and a minute, rather than 200 and some ten");
  verb->add_option("--shapes", options.shapes, "how many, from the models and from the space between")
      ->check(CLI::Range(1, 100000));
  verb->add_option("--threads", options.threads, "of the CPU; all processors unless given")
      ->check(CLI::Range(1, 4096));
  verb->add_option("--seed", options.seed, "of shapes and operands");
  verb->add_option("--name", options.device_name, "of the device in the table, e.g. a chip of the catalogue");
  verb->add_option("--date", options.date, "noted in the table");
  verb->add_flag("--quiet", options.quiet, "no progress, no messages");

  verb = add("calibrate", "Fit timing models to tables of measured kernels",
             "calibrate cpu.csv -o cpu_timings.yaml", calibrate);
  scenarios::CalibrationRequest& calibration = options.calibration;
  verb->add_option("tables", calibration.tables, "CSV files")->required();
  verb->add_option("-o,--output", options.output, "timings, an entry of the catalogue")
      ->type_name("FIT.yaml");
  verb->add_option("--chip", calibration.chip, "catalogue name, when the tables are about several");
  verb->add_option("--routing", calibration.routing, "only rows of experts with such routing, e.g. balanced");
  verb->add_option("--implementation", calibration.implementation,
                   "only rows of a library with this in its name");
  verb->add_option("--like", calibration.like,
                   "timings of a similar chip, for what a short table cannot tell");
  verb->add_option("--folds", calibration.settings.folds, "of the cross-validation")
      ->check(CLI::Range(2, 1000));
  verb->add_option("--starts", calibration.settings.starts, "of each fit")->check(CLI::Range(1, 1000));
  verb->add_option("--seed", calibration.settings.seed, "of folds and starts");
  verb->add_flag("--json", options.json, "print one JSON object");
  verb->add_flag("--quiet", options.quiet, "no messages");

  verb = add("validate", "Compare a table of measurements with predictions", "validate --table gemm.csv",
             validate);
  verb->add_option("--table", options.input, "of kernels, training steps or collectives")
      ->required()
      ->type_name("FILE.csv");
  verb->add_option("-o,--output", options.output, "the table, with predictions")->type_name("OUT.csv");
  verb->add_option("--report", options.report, "page of errors")->type_name("OUT.html");
  verb->add_flag("--json", options.json, "print one JSON object");
  verb->add_flag("--quiet", options.quiet, "no progress, no messages");

  verb = add("schema", "Print the JSON Schema of scenarios, for editors", "schema -o scenarios/schema.json",
             schema);
  verb->add_option("-o,--output", options.output, "file instead of standard output")
      ->type_name("SCHEMA.json");
  return verbs;
}

int act(const CLI::App& app, const std::vector<Verb>& verbs, const Options& options) {
  for (const Verb& verb : verbs)
    if (app.got_subcommand(verb.app)) try {
        return verb.action(options);
      } catch (const scenarios::ScenarioError& mistakes) {
        std::cerr << mistakes.what();
        return input_is_wrong;
      } catch (const std::length_error& too_large) {
        std::cerr << "superpod: " << too_large.what() << '\n';
        return input_is_wrong;
      } catch (const std::logic_error& fault) {
        std::cerr << "superpod: our own fault, please report it: " << fault.what() << '\n';
        return our_fault;
      } catch (const std::bad_alloc&) {
        std::cerr << "superpod: out of memory\n";
        return world_failed;
      } catch (const std::exception& failure) {
        std::cerr << "superpod: " << failure.what() << '\n';
        return world_failed;
      }
  return input_is_wrong;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"superpod simulates AI supernodes: scenarios in YAML, answers with their sources"};
  app.set_version_flag("--version", SUPERPOD_VERSION);
  app.require_subcommand(1);
  Options options;
  const auto verbs = add_verbs(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? done : input_is_wrong;
  }
  return act(app, verbs, options);
}
