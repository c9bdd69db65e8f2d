#include "analysis/page/text_difference.hpp"

#include <algorithm>
#include <cstddef>

namespace superpod::analysis {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

/// [i][j]: lines that a from i on and b from j on have in common.
class Common {
 public:
  Common(const Lines& a, const Lines& b) : width_{b.size() + 1}, length_((a.size() + 1) * width_, 0) {
    for (std::size_t i = a.size(); i-- > 0;)
      for (std::size_t j = b.size(); j-- > 0;)
        length_[i * width_ + j] = a[i] == b[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
  }
  [[nodiscard]] int at(std::size_t i, std::size_t j) const { return length_[i * width_ + j]; }

 private:
  std::size_t width_;
  std::vector<int> length_;
};

void merge(const Lines& a, const Lines& b, std::vector<DiffLine>& out) {
  constexpr std::size_t most = 4'000'000;
  using Where = DiffLine::Where;
  std::size_t i = 0, j = 0;
  if (a.size() * b.size() <= most) {
    const Common common{a, b};
    while (i < a.size() && j < b.size()) {
      if (a[i] == b[j]) {
        out.push_back({Where::both, a[i]});
        ++i, ++j;
      } else if (common.at(i + 1, j) >= common.at(i, j + 1)) {
        out.push_back({Where::only_a, a[i++]});
      } else {
        out.push_back({Where::only_b, b[j++]});
      }
    }
  }
  while (i < a.size()) out.push_back({Where::only_a, a[i++]});
  while (j < b.size()) out.push_back({Where::only_b, b[j++]});
}

}  // namespace

std::vector<DiffLine> text_difference(std::string_view a, std::string_view b) {
  Lines of_a = lines_of(a), of_b = lines_of(b);
  std::size_t begin = 0, end = 0;
  const std::size_t least = std::min(of_a.size(), of_b.size());
  while (begin < least && of_a[begin] == of_b[begin]) ++begin;
  while (end < least - begin && of_a[of_a.size() - 1 - end] == of_b[of_b.size() - 1 - end]) ++end;
  std::vector<DiffLine> out;
  for (std::size_t i = 0; i < begin; ++i) out.push_back({DiffLine::Where::both, of_a[i]});
  const auto middle = [&](const Lines& lines) {
    return Lines(lines.begin() + static_cast<std::ptrdiff_t>(begin),
                 lines.end() - static_cast<std::ptrdiff_t>(end));
  };
  merge(middle(of_a), middle(of_b), out);
  for (std::size_t i = of_a.size() - end; i < of_a.size(); ++i)
    out.push_back({DiffLine::Where::both, of_a[i]});
  return out;
}

}  // namespace superpod::analysis
