#include "scenarios/asked/timing_text.hpp"

#include "models/calibration/parameters.hpp"
#include "scenarios/text/parameters.hpp"

namespace superpod::scenarios {
namespace {

std::string text_of(double value) { return rounded_text(value); }
std::string text_of(Seconds value) { return value_text(value); }

}  // namespace

std::vector<std::pair<std::string, std::string>> fitted_values(const models::FamilyTiming& timing) {
  std::vector<std::pair<std::string, std::string>> out;
  for_each_field<models::TimingParameters>([&](const auto& field) {
    for (const auto& fitted : models::fitted_parameters(timing.form))
      if (fitted.name == field.name) out.emplace_back(field.name, text_of(timing.parameters.*field.member));
  });
  return out;
}

}  // namespace superpod::scenarios
