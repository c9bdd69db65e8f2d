/// Writes the pages that the browser's tests look at into the folder named on the command line.
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <variant>

#include "analysis/page/comparison.hpp"
#include "analysis/page/kernel_page.hpp"
#include "analysis/page/page.hpp"
#include "tests/analysis/sample_kernel_report.hpp"
#include "tests/analysis/sample_plan.hpp"
#include "tests/analysis/sample_result.hpp"

namespace superpod::analysis {
namespace {

/// `result` with hostile text in the place of every word that a user can choose.
Result hostile(Result result) {
  const std::string text =
      "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202E שלום 🚀 " + std::string(300, 'w');
  result.name = result.verdict = result.system = result.scenario_text = text;
  for (Table& table : result.tables) {
    table.meaning = text;
    for (Column& column : table.columns)
      if (auto* words = std::get_if<std::vector<std::string>>(&column.values);
          words != nullptr && column.name != "of")
        for (std::string& word : *words) word += text;
  }
  for (Provenance& input : result.provenance) input.path = input.source = input.note = text;
  return result;
}

/// The sample with ten thousand slots.
Result busy() {
  Result result = sample::result();
  constexpr int many = 10000;
  std::vector<std::int64_t> rank, microbatch, chunk(many, 0);
  std::vector<double> start, finish;
  for (int i = 0; i < many; ++i) {
    rank.push_back(i % sample::stages);
    microbatch.push_back(i / sample::stages);
    start.push_back(1e-3 * (i / sample::stages));
    finish.push_back(start.back() + 0.9e-3);
  }
  for (Table& table : result.tables)
    if (table.name == "slots")
      table.columns = {{"rank", "", "", rank},
                       {"phase", "", "", std::vector<std::string>(many, "forward")},
                       {"microbatch", "", "", microbatch},
                       {"chunk", "", "", chunk},
                       {"start", "s", "", start},
                       {"finish", "s", "", finish}};
  return result;
}

Result collective() {
  Result result = sample::result();
  result.kind = "collective";
  std::erase_if(result.tables,
                [](const Table& table) { return table.name != "links" && table.name != "time"; });
  return result;
}

void write_pages(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto write = [&](const char* name, const std::string& page) {
    std::ofstream{folder / (std::string{name} + ".html"), std::ios::binary} << page;
  };
  write("training", page(sample::result()));
  write("plan", page(sample::plan()));
  write("sweep", page(sample::sweep()));
  write("collective", page(collective()));
  write("nothing", page(Result{}));
  write("busy", page(busy()));
  write("hostile", page(hostile(sample::plan())));
  write("comparison", comparison_page(sample::plan(), sample::other_plan()));
  write("hostile_comparison", comparison_page(hostile(sample::plan()), sample::other_plan()));
  write("kernels", kernel_page(sample::kernel_report()));
}

}  // namespace
}  // namespace superpod::analysis

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: write_sample_pages FOLDER\n";
    return 2;
  }
  try {
    superpod::analysis::write_pages(words[1]);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
