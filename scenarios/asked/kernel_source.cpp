#include "scenarios/asked/kernel_source.hpp"

#include "models/hardware/kernel_time.hpp"
#include "scenarios/text/parameters.hpp"
#include "sim/values/quantity_text.hpp"

namespace superpod::scenarios {

std::string kernel_source(const models::Kernel& kernel, const models::Chip& chip) {
  const models::TimingChoice choice = models::timing_of(family_of(kernel), chip);
  if (!choice.timing) return "roofline";
  std::string out = choice.timing->source + " (" + text(choice.timing->family());
  if (!choice.own) out += " of " + std::string{choice.entry};
  const auto error = expected_error(choice);
  return out + (error ? ", error " + percent_text(*error) : "") + ")";
}

}  // namespace superpod::scenarios
