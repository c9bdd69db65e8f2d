// The command line: words in, exit code out.
#include <CLI/CLI.hpp>
#include <iostream>

#include "scenarios/cli/verbs.hpp"
#include "scenarios/text/mistakes.hpp"
#include "sim/version/version.hpp"

namespace {

using namespace superpod;
using namespace superpod::verbs;

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

void add_engine(CLI::App* app, Options& options) {
  app->add_option("--engine", options.detail,
                  "folded: one of each class of equal ranks; full: every rank and link")
      ->transform(CLI::CheckedTransformer(std::map<std::string, models::Detail>{
          {"folded", models::Detail::folded}, {"full", models::Detail::full}}))
      ->option_text("folded|full");
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
  add_engine(verb, options);
  verb->add_flag("--json", options.json, "print one JSON object");
  verb->add_flag("--quiet", options.quiet, "no progress, no messages");
  verb->add_flag("--verify", options.verify,
                 "run it folded and with every rank, on SimGrid's clock and without, beside the closed form "
                 "where there is one; exit 0 if all agree to 1e-9, else 3")
      ->excludes("--output", "--report", "--trace", "--engine", "--json");

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
  verb->add_option("system", options.input, "catalogue name, or a graph file (.graphml, .dot, .gv, .xml)")
      ->required();
  verb->add_option("--svg", options.svg, "picture")->type_name("F.svg");
  verb->add_option("--dot", options.dot, "graph for Graphviz (small systems)")->type_name("F.dot");
  verb->add_option("--simgrid", options.simgrid, "platform for SimGrid (small systems)")->type_name("F.xml");

  verb = add("report", "Make a page from a results file, or one that compares two",
             "report a.h5 b.h5 -o a_and_b.html", report);
  verb->add_option("results", options.inputs, "HDF5 files that superpod wrote: one, or two")
      ->required()
      ->expected(1, 2);
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
  verb->add_option("--report", options.report, "rooflines and residuals, as a page")->type_name("OUT.html");
  verb->add_option("--chip", calibration.chip, "catalogue name, when the tables are about several");
  verb->add_option("--routing", calibration.routing, "only rows of experts with such routing, e.g. balanced");
  verb->add_option("--implementation", calibration.implementation,
                   "only rows of a library with this in its name");
  verb->add_option("--caches", calibration.caches, "only rows that were measured so")
      ->check(CLI::IsMember({"cold", "warm", "unknown"}));
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

  verb = add("sweep", "Simulate every point of a sweep, also under mpirun and srun",
             "sweep sweep.yaml -o out.h5 --resume", sweep);
  verb->add_option("sweep", options.input, "YAML file")->required();
  verb->add_option("-o,--output", options.output, "results, as HDF5; readable while the sweep runs")
      ->required()
      ->type_name("OUT.h5");
  verb->add_flag("--resume", options.resume,
                 "go on with what OUT.h5 and its journal hold; begin if there is nothing");
  verb->add_option("--jobs", options.jobs,
                   "processes that simulate: all processors, or one for each rank, unless given")
      ->check(CLI::Range(1, 4096));
  add_engine(verb, options);
  verb->add_flag("--json", options.json, "print one JSON object");
  verb->add_flag("--quiet", options.quiet, "no progress, no messages");

  verb = add("plan", "Answer a question of capacity: which system, of which size, mapped how",
             "plan plan.yaml -o out.h5 --report out.html", plan);
  verb->add_option("plan", options.input, "YAML file")->required();
  verb->add_option("-o,--output", options.output, "results, as HDF5")->type_name("OUT.h5");
  verb->add_option("--report", options.report, "page that needs no network")->type_name("OUT.html");
  add_settings(verb, options);
  verb->add_option("--jobs", options.jobs, "threads that search; all processors unless given")
      ->check(CLI::Range(1, 4096));
  verb->add_flag("--json", options.json, "print one JSON object");
  verb->add_flag("--quiet", options.quiet, "no progress, no messages");

  verb = add("schema", "Print the JSON Schema of scenarios, sweeps or plans, for editors",
             "schema -o scenarios/schema.json", schema);
  verb->add_option("of", options.shelf, "scenario, unless given")
      ->check(CLI::IsMember({"scenario", "sweep", "plan"}));
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
  app.set_version_flag("--version", version());
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
