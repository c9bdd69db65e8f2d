#include <array>
#include <cmath>
#include <csignal>
#include <exception>
#include <memory>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u/Engine.hpp>
#include <simgrid/s4u/NetZone.hpp>
#include <string>
#include <utility>

#include "sim/engine/simgrid_door.hpp"

namespace superpod {
namespace {

/// A resource model of SimGrid, which keeps the clock and asks its models what is next. No exception passes
/// through SimGrid's loop: it is kept until the loop has ended.
class Model : public simgrid::kernel::resource::Model {
 public:
  Model() : simgrid::kernel::resource::Model{"superpod"} {}

  void attach(Driven& run) { run_ = &run; }
  /// Throws what the run has thrown.
  void detach() {
    run_ = nullptr;
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

  double next_occurring_event(double) override {
    double wait = never;
    guarded([&] { wait = run_->wait(); });
    return std::isfinite(wait) && !failure_ ? wait : never;
  }
  void update_actions_state(double, double passed) override {
    guarded([&] { run_->pass(passed); });
  }

 private:
  static constexpr double never = -1;

  template <class What>
  void guarded(const What& what) {
    if (run_ != nullptr && !failure_) try {
        what();
      } catch (...) {
        failure_ = std::current_exception();
      }
  }

  Driven* run_ = nullptr;
  std::exception_ptr failure_;
};

/// SimGrid answers signals and uncaught exceptions in its own way from its first engine on. Here, the program
/// does.
class OwnHandlers {
 public:
  OwnHandlers() {
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], nullptr, &actions_[i]);
  }
  ~OwnHandlers() {
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &actions_[i], nullptr);
    std::set_terminate(terminate_);
  }
  OwnHandlers(const OwnHandlers&) = delete;
  OwnHandlers& operator=(const OwnHandlers&) = delete;

 private:
  static constexpr std::array signals{SIGINT, SIGSEGV, SIGBUS};
  std::array<struct sigaction, signals.size()> actions_{};
  std::terminate_handler terminate_ = std::get_terminate();
};

/// The one engine of this process.
class Engine {
 public:
  Engine() {
    const OwnHandlers kept;
    std::string arguments[] = {"superpod", "--log=root.thresh:critical"};
    char* argv[] = {arguments[0].data(), arguments[1].data(), nullptr};
    int argc = 2;
    engine_ = new simgrid::s4u::Engine{&argc, argv};
    simgrid::s4u::create_empty_zone("nothing but the model")->seal();  // no run without one
    engine_->add_model(model_);
  }

  void drive(Driven& run) {
    model_->attach(run);
    engine_->run();
    model_->detach();
  }

 private:
  std::shared_ptr<Model> model_ = std::make_shared<Model>();
  simgrid::s4u::Engine* engine_;  // never deleted: SimGrid's own globals may be gone before ours
};

}  // namespace
}  // namespace superpod

extern "C" void superpod_drive_by_simgrid(superpod::Driven& run) {
  static superpod::Engine engine;
  engine.drive(run);
}
