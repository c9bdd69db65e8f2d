#include "scenarios/validate/step_phases.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace superpod::scenarios {
namespace {

struct Item {
  std::string_view word;
  std::vector<std::string> figures;
};

const std::vector<Item>& items() {
  static const std::vector<Item> all{{"time per step", {"step_time_s"}},
                                     {"1F", {"phases_s.forward"}},
                                     {"1B", {"phases_s.backward"}},
                                     {"1W", {"phases_s.backward_weights"}},
                                     {"1F1B", {"phases_s.forward_with_backward"}},
                                     {"bubble", {"phases_s.bubble"}},
                                     {"optimizer", {"phases_s.gradient_reduction", "phases_s.optimizer"}}};
  return all;
}

std::string scenario_text() {
  const std::filesystem::path path = std::filesystem::path{SUPERPOD_LIBRARY_FOLDER}.parent_path() /
                                     "deepseek_v3_pretraining_on_2048_h800.yaml";
  std::ifstream file{path};
  if (!file) throw std::runtime_error{path.string() + ": cannot be read"};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const std::vector<std::string>& figures_of(std::string_view item) {
  for (const auto& [word, figures] : items())
    if (item.starts_with(word) && (item.size() == word.size() || item[word.size()] == ' ')) return figures;
  throw Unpredictable{"not a time of the step"};
}

}  // namespace

bool has_step_phases(const Csv& table) {
  constexpr std::array<std::string_view, 3> columns{"item", "MPFT", "unit"};
  return std::ranges::all_of(columns, [&](std::string_view column) { return table.column(column) >= 0; });
}

SimulatedRow step_phase(const Cells& cells) {
  SimulatedRow row;
  row.figures = figures_of(cells.text("item"));
  if (cells.text("unit") != "s") throw Unpredictable{"a time in other units than s"};
  row.scenarios = {scenario_text()};
  row.prediction.system = "h800_deepseek_cluster";
  row.prediction.subject = cells.text("item");
  row.prediction.measured = positive_number(cells, "MPFT");
  return row;
}

}  // namespace superpod::scenarios
