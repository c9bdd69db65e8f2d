/// One self-contained HTML file: a head, a navigation and sections.
#pragma once

#include <string>
#include <string_view>

namespace superpod::analysis {

/// The document in order, with the list of its sections for the navigation. It draws on no other file, and its
/// policy forbids every connection, so that a page can tell nobody that it was read.
class Document {
 public:
  /// `style` is CSS.
  explicit Document(std::string_view style) : style_{style} {}

  /// `id` is a plain word; `title` and `content` are markup. A section without content is left out.
  void section(const std::string& id, const std::string& title, const std::string& content);

  /// The file: `name` (any text) titles the window, `answer` (markup) stands before the sections, and
  /// `scripts` (script elements) at the end, before the one that makes tables sort.
  [[nodiscard]] std::string whole(const std::string& name, const std::string& answer,
                                  const std::string& scripts = {}) const;

 private:
  std::string style_, contents_, body_;
};

}  // namespace superpod::analysis
