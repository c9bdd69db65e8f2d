#include "tests/house/tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace superpod::house {
namespace {

const std::filesystem::path root = SUPERPOD_ROOT;

void append(std::vector<File>& to, std::vector<File> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::vector<File> read_program() {
  std::vector<File> all;
  for (const std::string_view floor : floors)
    append(all, files_below(floor, {".cpp", ".hpp", ".cu", ".cuh"}));
  for (File& file : all)
    for (std::string& line : file.lines) line = line.substr(0, line.find("//"));
  return all;
}

std::vector<File> read_texts() {
  std::vector<File> all{file("CMakeLists.txt"), file("CMakePresets.json"), file("README.md")};
  append(all, files_below(".ci", {}));
  for (const std::string_view floor : floors) append(all, files_below(floor, {}));
  append(all, files_below("tests", {}));
  return all;
}

}  // namespace

File file(const std::string& path) {
  std::ifstream in{root / path};
  if (!in) throw std::runtime_error{path + " cannot be read"};
  File read{path, {}};
  for (std::string line; std::getline(in, line);) read.lines.push_back(line);
  return read;
}

std::vector<File> files_below(std::string_view folder, const std::vector<std::string>& endings) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{root / folder}) {
    const bool wanted = endings.empty() || std::ranges::count(endings, entry.path().extension().string()) > 0;
    const bool cached = entry.path().string().find("__pycache__") != std::string::npos;
    if (entry.is_regular_file() && wanted && !cached)
      paths.push_back(entry.path().lexically_relative(root).string());
  }
  std::ranges::sort(paths);
  std::vector<File> all;
  for (const std::string& path : paths) all.push_back(file(path));
  return all;
}

const std::vector<File>& program() {
  static const std::vector<File> all = read_program();
  return all;
}

const std::vector<File>& texts() {
  static const std::vector<File> all = read_texts();
  return all;
}

std::set<std::string> all_in(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator match{text.begin(), text.end(), pattern}, end; match != end; ++match)
    found.insert(match->str(1));
  return found;
}

const Arrows& includes() {
  static const Arrows arrows = [] {
    static const std::regex include{R"re(^\s*#include "([^"]+)")re"};
    Arrows all;
    for (const File& file : program())
      for (const std::string& line : file.lines) all[file.path].merge(all_in(line, include));
    return all;
  }();
  return arrows;
}

std::string matches(const File& file, const std::regex& pattern) {
  std::string found;
  for (std::size_t i = 0; i < file.lines.size(); ++i)
    if (std::regex_search(file.lines[i], pattern))
      found += file.path + ":" + std::to_string(i + 1) + ": " + file.lines[i] + "\n";
  return found;
}

}  // namespace superpod::house
