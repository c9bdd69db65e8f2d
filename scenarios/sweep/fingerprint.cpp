#include "scenarios/sweep/fingerprint.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "analysis/seal.hpp"
#include "sim/version/version.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

std::string hexadecimal(std::uint64_t sum) {
  std::array<char, 16> digits{};
  const auto [end, problem] = std::to_chars(digits.data(), digits.data() + digits.size(), sum, 16);
  const std::string text{digits.data(), end};
  return std::string(digits.size() - text.size(), '0') + text;
}

std::uint64_t sum_of_file(const fs::path& path, std::uint64_t sum) {
  std::ifstream in{path, std::ios::binary};
  std::vector<char> block(1 << 16);
  while (in) {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    sum = analysis::fnv_1a({block.data(), static_cast<std::size_t>(in.gcount())}, sum);
  }
  return sum;
}

std::uint64_t sum_of_library(const Library& library) {
  std::uint64_t sum = analysis::fnv_1a({});
  for (const std::string_view shelf : shelves)
    for (const std::string& name : library.names(shelf)) {
      sum = analysis::fnv_1a(name, sum);
      if (const auto path = library.file(shelf, name)) sum = sum_of_file(*path, sum);
    }
  return sum;
}

void collect_files(const Node& node, std::set<fs::path>& files) {
  for (const Node& child : node.children) collect_files(child, files);
  constexpr std::size_t longest = 255;  // name of a file
  if (node.kind != Node::Kind::scalar || !node.place.source || node.text.empty() ||
      node.text.size() > longest)
    return;
  const fs::path path = fs::path{node.place.source->name}.parent_path() / node.text;
  std::error_code none;
  if (fs::is_regular_file(path, none)) files.insert(path);
}

std::uint64_t sum_of_files(const SweepFile& file) {
  std::set<fs::path> files;
  collect_files(*file.sweep.scenario.tree, files);
  for (const Dial& dial : file.dials)
    for (const auto& row : dial.rows)
      for (const Setting& setting : row) collect_files(setting.value, files);
  std::uint64_t sum = analysis::fnv_1a({});
  for (const fs::path& path : files) sum = sum_of_file(path, sum);
  return sum;
}

}  // namespace

Fingerprint fingerprint(const SweepFile& file, const Library& library, models::Detail detail) {
  return {{"version", version()},
          {"engine", detail == models::Detail::folded ? "folded" : "full"},
          {"sweep", hexadecimal(analysis::fnv_1a(file.text))},
          {"scenario", hexadecimal(analysis::fnv_1a(file.sweep.scenario.text))},
          {"library", hexadecimal(sum_of_library(library))},
          {"files", hexadecimal(sum_of_files(file))}};
}

std::string difference(const Fingerprint& kept, const Fingerprint& now) {
  for (std::size_t i = 0; i < kept.size() && i < now.size(); ++i)
    if (kept[i] != now[i])
      return kept[i].first == "version"
                 ? "superpod " + kept[i].second + " made it, and this is " + now[i].second
                 : "the " + kept[i].first + " differs";
  return kept.size() == now.size() ? "" : "the form differs";
}

}  // namespace superpod::scenarios
