/// Small pieces of markup that many sections share.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "analysis/result.hpp"

namespace superpod::analysis {

/// A quiet paragraph before a chart or table; nothing of no text.
std::string paragraph(const std::string& text);

/// A table's own meaning as a sentence.
std::string lead(const Table& table);

/// A legend: classes of keys, and what they stand for.
std::string legend(const std::vector<std::pair<std::string, std::string>>& keys);

/// `measured` and so on as a CSS class; any other word has no colour of its own.
std::string grade_class(const std::string& grade);

/// The grade of a figure as a word with a dot of its colour.
std::string grade_markup(const std::string& grade);

/// A word that stands out: `binding`, `best`, ...; `style` is `good`, `bad` or nothing.
std::string chip(const std::string& word, const std::string& style = {});

/// Tiles of those of these figures that the result has.
std::string figure_tiles(const Result& result, const std::vector<std::string>& keys);

}  // namespace superpod::analysis
