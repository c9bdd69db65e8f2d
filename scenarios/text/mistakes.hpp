/// What is wrong with a text that somebody wrote: each mistake with its place, all of them at once.
///
///     bad.yaml:4:18: error: 'GBs' is not a unit of a bandwidth
///       4 |   bandwidth: 400 GBs
///         |                  ^^^
///         = help: did you mean 'GB/s'? units here: GB/s, TB/s, Gb/s
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace superpod::scenarios {

struct Source {
  std::string name;  ///< as messages call it: the path of the file, or `--set`
  std::string text;
};

/// A piece of a line. Lines and columns count from 1, columns and lengths in bytes; line 0 is no place in
/// particular.
struct Place {
  std::shared_ptr<const Source> source;
  int line = 0, column = 0, length = 1;
};

/// `file:line:column`, the column in characters; empty for no place.
std::string text(const Place& place);

struct Mistake {
  Place place;
  std::string message, help;  ///< help may be empty
};

/// The mistake as it is shown: where, what, the line with a caret, and the help.
std::string text(const Mistake& mistake);

class Mistakes {
 public:
  void add(const Place& place, std::string message, std::string help = {});

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// So many that another would not be shown: its help need not be computed.
  [[nodiscard]] bool full() const { return count_ >= kept; }

  /// By file, line and column, each only once.
  [[nodiscard]] std::vector<Mistake> sorted() const;

  static constexpr std::size_t kept = 1000;  ///< more are counted, not remembered

 private:
  std::vector<Mistake> mistakes_;
  std::size_t count_ = 0;
};

/// All mistakes in order, at most `shown` of them, then how many more there are.
std::string text(const Mistakes& mistakes, std::size_t shown = 100);

/// The author's mistakes: `what()` is their text.
class ScenarioError : public std::runtime_error {
 public:
  explicit ScenarioError(Mistakes mistakes)
      : std::runtime_error{text(mistakes)}, mistakes_{std::move(mistakes)} {}
  [[nodiscard]] const Mistakes& mistakes() const { return mistakes_; }

 private:
  Mistakes mistakes_;
};

/// Throws ScenarioError when there is a mistake.
void require_none(const Mistakes& mistakes);

/// Throws ScenarioError with one mistake of no place in particular.
[[noreturn]] void refuse(const std::string& message, const std::string& help);

/// A word of the author's within quotes, fit for a terminal: clipped when long, without control characters.
std::string in_quotes(std::string_view word);

/// `did you mean 'x'? ` when a known word is close, then `heading: a, b, c`.
std::string suggestion(std::string_view word, std::span<const std::string> known, std::string_view heading);

}  // namespace superpod::scenarios
