/// What a kind of workload must have to run: the seam between the list of workloads and all that is done with
/// them.
///
/// A kind is a described struct with a `kind` word, its name in a list (asked/scenario.hpp), and free
/// functions that argument-dependent lookup finds: those of asked/askable.hpp, and these. How it comes to its
/// answer is its own affair: a plan of tasks that is run (run_planned in how.hpp), or work that is added to a
/// simulation while time runs.
///
///     Run<Answer> simulated(workload, on, how)    runs it
///     analysis::Result result_of(answer)          figures, tables and sentences, made once, at the end
///     std::optional<Seconds> closed_form(workload, scenario)    how long it takes by pencil and paper, where
///                                                 somebody knows: what `run --verify` compares with
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "analysis/result.hpp"
#include "scenarios/asked/askable.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/run/how.hpp"

namespace superpod::scenarios {

template <class W>
concept Simulates = requires(const W& workload, const ScenarioFile& on, const How& how) {
  simulated(workload, on, how).answer;
  { simulated(workload, on, how).work } -> std::convertible_to<models::Work>;
  { simulated(workload, on, how).trace } -> std::convertible_to<Trace>;
};

template <class W>
concept HasResult = Simulates<W> && requires(const W& workload, const ScenarioFile& on, const How& how) {
  { result_of(simulated(workload, on, how).answer) } -> std::same_as<analysis::Result>;
};

template <class W>
concept HasClosedForm = requires(const W& workload, const Scenario& on) {
  { closed_form(workload, on) } -> std::same_as<std::optional<Seconds>>;
};

template <class W>
concept Runnable = Askable<W> && Simulates<W> && HasResult<W> && HasClosedForm<W>;

/// Does not compile for a kind that lacks a function, and says which.
template <class W>
consteval bool check_runnable() {
  static_assert(check_askable<W>());
  static_assert(Simulates<W>,
                "this kind of workload lacks simulated(workload, on, how), or it has no answer");
  static_assert(HasResult<W>, "this kind of workload lacks result_of(answer)");
  static_assert(HasClosedForm<W>, "this kind of workload lacks closed_form(workload, scenario)");
  return Runnable<W>;
}

/// What is known of any scenario before it runs: its name, its text, what it rests on.
void add_head(const ScenarioFile& of, models::Detail detail, analysis::Result& result);

/// Runs the workload on the system and with the rest of `on`, whichever kind it is.
template <class... Kinds>
Simulated simulated(const std::variant<Kinds...>& workload, const ScenarioFile& on, const How& how) {
  static_assert((check_runnable<Kinds>() && ...));
  return std::visit(
      [&]<class W>(const W& of_its_kind) {
        auto done = simulated(of_its_kind, on, how);
        Simulated out{result_of(done.answer), std::move(done.work), std::move(done.trace)};
        out.result.kind = std::string{W::kind};
        add_head(on, how.detail, out.result);
        return out;
      },
      workload);
}

/// Of whichever kind it is.
template <class... Kinds>
std::optional<Seconds> closed_form(const std::variant<Kinds...>& workload, const Scenario& on) {
  static_assert((check_runnable<Kinds>() && ...));
  return std::visit([&](const auto& of_its_kind) { return closed_form(of_its_kind, on); }, workload);
}

}  // namespace superpod::scenarios
