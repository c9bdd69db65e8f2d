#include "scenarios/sweep/outcome.hpp"

#include <iterator>
#include <new>
#include <stdexcept>

#include "scenarios/run/simulate.hpp"
#include "scenarios/sweep/bytes.hpp"

namespace superpod::scenarios {
namespace {

/// Without places: they depend on the folder from which the sweep was started.
std::string in_one_line(const Mistakes& mistakes) {
  constexpr std::size_t shown = 3;
  const auto all = mistakes.sorted();
  std::string out;
  for (std::size_t i = 0; i < all.size() && i < shown; ++i)
    out += (out.empty() ? "" : "; ") + all[i].message + (all[i].help.empty() ? "" : " (" + all[i].help + ")");
  return all.size() > shown ? out + "; and " + std::to_string(all.size() - shown) + " more" : out;
}

Outcome simulated(const SweepFile& file, std::int64_t point, const Library& library, models::Detail detail) {
  Mistakes mistakes;
  const Node tree = file.scenario_of(point, mistakes);
  const auto scenario = mistakes.empty() ? read_scenario(tree, {}, library, mistakes) : std::nullopt;
  require_none(mistakes);
  return {point, Status::ok, {}, simulated_figures(*scenario, detail)};
}

}  // namespace

Outcome outcome_of(const SweepFile& file, std::int64_t point, const Library& library, models::Detail detail) {
  try {
    return simulated(file, point, library, detail);
  } catch (const ScenarioError& wrong) {
    return {point, Status::mistake, in_one_line(wrong.mistakes()), {}};
  } catch (const std::length_error& too_large) {
    return {point, Status::mistake, too_large.what(), {}};
  } catch (const std::logic_error& fault) {
    return {point, Status::failed, std::string{"our own fault, please report it: "} + fault.what(), {}};
  } catch (const std::bad_alloc&) {
    return {point, Status::failed, "out of memory", {}};
  } catch (const std::exception& failure) {
    return {point, Status::failed, failure.what(), {}};
  }
}

OutcomeBytes bytes_of(const Outcome& outcome) {
  BytesOut figures, values;
  values.number(static_cast<std::uint64_t>(outcome.point));
  values.number(static_cast<std::uint64_t>(outcome.status));
  values.word(outcome.message);
  for (const analysis::Figure& figure : outcome.figures) {
    figures.word(figure.key), figures.word(figure.unit), figures.word(figure.meaning);
    figures.number(figure.interval ? 1 : 0);
    values.real(figure.value);
    if (figure.interval) values.real(figure.interval->first), values.real(figure.interval->second);
  }
  return {figures.bytes(), values.bytes()};
}

Outcome outcome_from(std::string_view figures, std::string_view values) {
  BytesIn described{figures}, in{values};
  Outcome outcome;
  outcome.point = static_cast<std::int64_t>(in.number());
  const std::uint64_t status = in.number();
  if (status >= std::size(status_words)) throw std::runtime_error{"a record of a sweep has no such status"};
  outcome.status = static_cast<Status>(status);
  outcome.message = in.word();
  while (!described.empty()) {
    analysis::Figure figure;
    figure.key = described.word(), figure.unit = described.word(), figure.meaning = described.word();
    const bool is_uncertain = described.number() == 1;
    figure.value = in.real();
    if (is_uncertain) {
      const double low = in.real();
      figure.interval = {low, in.real()};
    }
    outcome.figures.push_back(std::move(figure));
  }
  return outcome;
}

}  // namespace superpod::scenarios
