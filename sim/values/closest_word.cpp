#include "sim/values/closest_word.hpp"

#include <algorithm>
#include <vector>

namespace superpod {
namespace {

constexpr std::size_t longest = 64;
constexpr std::size_t shortest_beginning = 3;
constexpr int edit = 2;  // in halves, so that a change of case can count half an edit

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int replacement(char a, char b) {
  if (a == b) return 0;
  return lower(a) == lower(b) ? edit / 2 : edit;
}

/// Optimal string alignment distance, in half edits.
int distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<int>> d(a.size() + 1,
                                  std::vector<int>(b.size() + 1));  // [letters of a][letters of b]
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = edit * static_cast<int>(i);
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = edit * static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min(
          {d[i - 1][j] + edit, d[i][j - 1] + edit, d[i - 1][j - 1] + replacement(a[i - 1], b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + edit);
    }
  return d[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> closest_word(std::string_view word, std::span<const std::string> known) {
  if (word.empty() || word.size() > longest) return std::nullopt;
  std::optional<std::string> best;
  int least = 0;
  for (const std::string& candidate : known) {
    if (candidate.size() > longest) continue;
    const int letters = static_cast<int>(std::max(word.size(), candidate.size()));
    const int limit = std::min(letters - 1, std::max(1, letters / 3)) * edit;
    const int needed = distance(word, candidate);
    if (needed <= limit && (!best || needed < least)) best = candidate, least = needed;
  }
  if (best || word.size() < shortest_beginning) return best;
  const auto longer =
      std::find_if(known.begin(), known.end(), [&](const auto& k) { return k.starts_with(word); });
  return longer == known.end() ? best : *longer;
}

}  // namespace superpod
