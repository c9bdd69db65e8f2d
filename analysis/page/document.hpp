/// One self-contained HTML file: a head, a navigation and sections.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/page/assets.hpp"

namespace superpod::analysis {

/// The document in order, with the list of its sections for the navigation. It draws on no other file, and
/// its policy forbids every connection, so that a page can tell nobody that it was read; nor does any script
/// run but those that were built into the program, whose sums the policy names.
class Document {
 public:
  /// `style` is CSS.
  explicit Document(std::string_view style) : style_{style} {}

  /// `id` is a plain word; `title` and `content` are markup. A section without content is left out.
  void section(const std::string& id, const std::string& title, const std::string& content);

  /// What scripts read, as JSON in which no `<` stands; the last that is given counts.
  void data(const std::string& json) { data_ = json; }

  /// Runs when the page is read, after those that were added before. Tables sort on every page.
  void script(const Script& script) { scripts_.push_back(&script); }

  /// The file: `name` (any text) titles the window, `answer` (markup) stands before the sections.
  [[nodiscard]] std::string whole(const std::string& name, const std::string& answer) const;

 private:
  std::string style_, contents_, body_, data_;
  std::vector<const Script*> scripts_{&tables_script};
};

}  // namespace superpod::analysis
