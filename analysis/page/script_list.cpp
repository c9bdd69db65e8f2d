#include "analysis/page/script_list.hpp"

#include "analysis/page/html.hpp"

namespace superpod::analysis {

std::string list(const std::vector<double>& values) {
  std::string out = "[";
  for (const double value : values) out += (out.size() > 1 ? "," : "") + script_number(value);
  return out + "]";
}

std::string list(const std::vector<std::string>& values) {
  std::string out = "[";
  for (const std::string& value : values) out += (out.size() > 1 ? "," : "") + script_string(value);
  return out + "]";
}

}  // namespace superpod::analysis
