#include <string>

#include "analysis/json.hpp"
#include "scenarios/asked/timing_text.hpp"
#include "scenarios/calibration/calibration.hpp"
#include "scenarios/text/parameters.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {
namespace {

using models::FamilyTiming;
using models::PredictionError;

std::string errors(const PredictionError& error) {
  return "median " + percent_text(error.median) + ", mean " + percent_text(error.mean) + ", p90 " +
         percent_text(error.p90) + ", weighted by time " + percent_text(error.weighted);
}

template <class E>
void line_of_word(std::string& out, std::string_view key, E value) {
  out += "    " + std::string{key} + ": " + value_text(value) + "\n";
}

void line_of_error(std::string& out, std::string_view key, const std::optional<PredictionError>& error) {
  if (!error) return;
  out += "    " + std::string{key} + ": {median: " + rounded_text(error->median) +
         ", mean: " + rounded_text(error->mean) + ", p90: " + rounded_text(error->p90) +
         ", weighted: " + rounded_text(error->weighted) + "}\n";
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string yaml(const FamilyTiming& timing) {
  std::string out = "  - form: " + value_text(timing.form) + "\n";
  line_of_word(out, "precision", timing.precision);
  line_of_word(out, "scaling", timing.scaling);
  line_of_word(out, "cached", timing.cached);
  if (!timing.implementation.empty()) out += "    implementation: " + quoted(timing.implementation) + "\n";
  out += "    source: " + quoted(timing.source) + "\n";
  if (!timing.note.empty()) out += "    note: " + quoted(timing.note) + "\n";
  out += "    rows: " + std::to_string(timing.rows) + "\n";
  line_of_error(out, "held_out", timing.held_out);
  line_of_error(out, "transfer", timing.transfer);
  out += "    parameters:\n";
  for (const auto& [name, value] : fitted_values(timing)) out += "      " + name + ": " + value + "\n";
  return out;
}

}  // namespace

std::string text(const Calibration& calibration) {
  std::string out = calibration.chip.name + "\n";
  for (const auto& [fitted, rows, transfer] : calibration.families) {
    const FamilyTiming& timing = fitted.timing;
    out += "\n" + text(timing.family());
    if (!timing.implementation.empty()) out += " (" + timing.implementation + ")";
    out += ", " + std::to_string(timing.rows) + " rows\n";
    if (timing.held_out) out += "  held out   " + errors(*timing.held_out) + "\n";
    for (const auto& [chip, error] : transfer) out += "  on " + chip + "  " + errors(error) + "\n";
    for (const auto& [name, value] : fitted_values(timing))
      out += "  " + name + std::string(name.size() < 24 ? 24 - name.size() : 1, ' ') + value + "\n";
  }
  for (const auto& [why, rows] : calibration.unread)
    out += "\nnot used: " + std::to_string(rows) + " rows, " + why + "\n";
  return out;
}

std::string yaml(const Calibration& calibration) {
  std::string out = "# Fitted by `superpod calibrate`: errors are |predicted / measured - 1|.\nname: " +
                    quoted(calibration.chip.name) +
                    "\ncores: " + std::to_string(calibration.chip.cores->value) + "\nfamilies:\n";
  for (const auto& family : calibration.families) out += yaml(family.fitted.timing);
  return out;
}

std::string json(const Calibration& calibration) {
  const auto error = [](const PredictionError& e) {
    return "\"median_error\": " + rounded_text(e.median) + ", \"mean_error\": " + rounded_text(e.mean) +
           ", \"p90_error\": " + rounded_text(e.p90);
  };
  std::string families;
  for (const auto& [fitted, rows, transfer] : calibration.families) {
    const FamilyTiming& timing = fitted.timing;
    std::string others;
    for (const auto& [chip, of_chip] : transfer)
      others += (others.empty() ? "" : ", ") + analysis::json_string(chip) + ": {" + error(of_chip) + "}";
    families += std::string{families.empty() ? "" : ",\n    "} +
                "{\"family\": " + analysis::json_string(text(timing.family())) +
                ", \"implementation\": " + analysis::json_string(timing.implementation) +
                ", \"rows\": " + std::to_string(timing.rows) +
                (timing.held_out ? ", " + error(*timing.held_out) : "") + ", \"transfer\": {" + others + "}}";
  }
  return "{\n  \"chip\": " + analysis::json_string(calibration.chip_name) + ",\n  \"families\": [" +
         families + "]\n}";
}

}  // namespace superpod::scenarios
