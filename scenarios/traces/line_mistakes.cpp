#include "scenarios/traces/line_mistakes.hpp"

#include <algorithm>
#include <memory>

#include "scenarios/text/source_file.hpp"

namespace superpod::scenarios {

void LineMistakes::add(const Line& line, LineFlaw flaw) {
  if (++count_ > shown + 1) return;
  if (const std::size_t text = text_prefix(line.text); text < line.text.size())
    flaw = {line.text.substr(text, 1), "this is not UTF-8 text",
            "a trace is a table (CSV) or JSON lines, unpacked"};
  else if (!line.ended)
    flaw.help += (flaw.help.empty() ? "" : "; ") + std::string{"the file ends here: it may be cut off"};
  kept_.push_back({line.number, static_cast<int>(flaw.part.data() - line.text.data()) + 1,
                   std::max(1, static_cast<int>(flaw.part.size())), std::string{line.text},
                   std::move(flaw.message), std::move(flaw.help)});
}

void LineMistakes::note(Mistakes& mistakes) const {
  auto source = std::make_shared<Source>(Source{file_, {}});
  int at = 1;  // places are found by counting lines: those that are right stand here empty
  for (const Kept& kept : kept_) {
    source->text.append(static_cast<std::size_t>(kept.line - at), '\n').append(kept.text);
    at = kept.line;
  }
  for (std::size_t i = 0; i < std::min(kept_.size(), shown); ++i) {
    const Kept& kept = kept_[i];
    mistakes.add({source, kept.line, kept.column, kept.length}, kept.message, kept.help);
  }
  if (count_ > shown)
    mistakes.add({source, kept_.back().line, 1, 1},
                 count_ == shown + 1
                     ? "this line is wrong, too"
                     : "this line and " + std::to_string(count_ - shown - 1) + " more are wrong, too",
                 "the first " + std::to_string(shown) + " are shown");
}

}  // namespace superpod::scenarios
