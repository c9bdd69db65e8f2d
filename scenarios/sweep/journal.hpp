#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "scenarios/sweep/fingerprint.hpp"
#include "scenarios/sweep/outcome.hpp"

namespace superpod::scenarios {

/// The outcomes of a sweep as they come, each on the disk before the next is looked at: nothing that was
/// appended is lost when the process is killed.
///
/// The file: the line `superpod sweep journal 1`, then records: length of the body and its sum FNV-1a (64
/// bits each), body. A body begins with a letter: `h` the fingerprint of the sweep, `f` keys, units and
/// meanings of figures, which count from 0, `o` an outcome and which figures it has. What follows the last
/// whole record was torn when the writer died, and is cut off.
class Journal {
 public:
  /// Opens the journal of this sweep, or begins it, and gives what it holds to `found`. Throws ScenarioError
  /// when it is of another sweep, or when another process writes it; std::runtime_error with the path when
  /// the file cannot be used.
  Journal(const std::filesystem::path& path, const Fingerprint& sweep,
          const std::function<void(const Outcome&)>& found);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  /// All of it, or nothing: throws std::runtime_error with the path when the disk is full.
  void append(const Outcome& outcome);
  /// On the disk also if the machine fails.
  void sync();
  void remove();

 private:
  void open_and_lock();
  void begin(const Fingerprint& sweep);
  [[nodiscard]] std::string content() const;
  std::size_t read(const std::string& bytes, const Fingerprint& sweep,
                   const std::function<void(const Outcome&)>& found);
  void write(const std::string& bytes);

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;                      // of whole records
  std::map<std::string, std::uint64_t> kinds_;  // of figures, by their bytes
};

/// Whether there is a journal that holds an outcome.
bool holds_outcomes(const std::filesystem::path& journal);

}  // namespace superpod::scenarios
