#include "analysis/page/prose.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "analysis/page/answer.hpp"
#include "analysis/page/html.hpp"

namespace superpod::analysis {

std::string paragraph(const std::string& text) {
  return text.empty() ? "" : "<p class='lead'>" + isolated(text) + "</p>\n";
}

std::string lead(const Table& table) {
  return table.meaning.empty() ? "" : paragraph(capitalised(table.meaning) + ".");
}

std::string legend(const std::vector<std::pair<std::string, std::string>>& keys) {
  std::string out = "<ul class='legend'>";
  for (const auto& [style, text] : keys)
    out += "<li><span class='key " + style + "'></span>" + isolated(text) + "</li>";
  return out + "</ul>";
}

std::string grade_class(const std::string& grade) {
  constexpr std::array<std::string_view, 4> grades{"measured", "published", "derived", "assumed"};
  return std::ranges::find(grades, grade) == grades.end() ? "other" : grade;
}

std::string grade_markup(const std::string& grade) {
  return "<span class='grade " + grade_class(grade) + "'>" + html(grade.empty() ? "no grade" : grade) +
         "</span>";
}

std::string chip(const std::string& word, const std::string& style) {
  return " <span class='chip" + (style.empty() ? "" : " " + style) + "'>" + html(word) + "</span>";
}

std::string figure_tiles(const Result& result, const std::vector<std::string>& keys) {
  std::string out;
  for (const std::string& key : keys)
    if (const Figure* figure = result.figure(key)) {
      Figure named = *figure;  // the section's title says the group
      named.key = key.substr(key.find('.') + 1);
      out += tile(named);
    }
  return out.empty() ? "" : "<dl class='tiles small'>\n" + out + "</dl>\n";
}

}  // namespace superpod::analysis
