#include "models/kernels/precision.hpp"

namespace superpod::models {

std::string_view word(Precision precision) {
  for (const auto& [text, value] : words(precision))
    if (value == precision) return text;
  return "?";
}

}  // namespace superpod::models
