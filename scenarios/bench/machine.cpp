#include "scenarios/bench/machine.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& path) {
  std::ifstream file{path};
  std::string line;
  std::getline(file, line);
  return line;
}

/// What /proc/cpuinfo says of the first processor.
std::string fact(const fs::path& cpuinfo, std::string_view name) {
  std::ifstream file{cpuinfo};
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(':');
    if (!line.starts_with(name) || colon == std::string::npos) continue;
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return {};
}

/// The number that a text begins with, or 0.
double leading_number(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// `32768K` in Linux's words.
Bytes cache_size(const std::string& text) {
  const double number = leading_number(text);
  if (text.ends_with('K')) return number * unit::KiB;
  if (text.ends_with('M')) return number * unit::MiB;
  return Bytes{number};
}

Bytes largest_cache(const fs::path& caches) {
  Bytes largest;
  std::error_code none;  // a virtual machine may hide them
  for (const auto& cache : fs::directory_iterator{caches, none})
    largest = std::max(largest, cache_size(first_line(cache.path() / "size")));
  return largest;
}

std::string rounded(double value) {
  std::ostringstream out;
  out.precision(3);
  out << value;
  return out.str();
}

}  // namespace

Machine this_machine(const fs::path& root) {
  const fs::path cpuinfo = root / "proc/cpuinfo", cpu = root / "sys/devices/system/cpu/cpu0";
  const std::string model = fact(cpuinfo, "model name");
  return {.model = model.empty() ? "unknown CPU" : model,
          .processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency())),
          .clock = leading_number(fact(cpuinfo, "cpu MHz")) * 1e-3 * unit::GHz,
          .governor = first_line(cpu / "cpufreq/scaling_governor"),
          .largest_cache = largest_cache(cpu / "cache"),
          .load = leading_number(first_line(root / "proc/loadavg"))};
}

std::string text(const Machine& machine) {
  std::string out = machine.model + ", " + std::to_string(machine.processors) + " processors";
  if (machine.clock > Hertz{}) out += " at " + rounded(machine.clock.in(unit::GHz)) + " GHz";
  out += ", governor " + (machine.governor.empty() ? "unknown" : machine.governor);
  if (machine.largest_cache > Bytes{})
    out += ", " + rounded(machine.largest_cache.in(unit::MiB)) + " MiB cache";
  return out + ", load " + rounded(machine.load);
}

std::string device_name(std::string_view kind, std::string_view model) {
  static const std::set<std::string> noise{"r", "tm", "cpu", "gpu", "processor", "core", "with", "graphics"};
  std::string out{kind}, word;
  const auto close = [&] {
    if (!word.empty() && !noise.contains(word)) out += "_" + word;
    word.clear();
  };
  for (const char c : model.substr(0, model.find('@'))) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else
      close();
  }
  close();
  return out;
}

}  // namespace superpod::scenarios
