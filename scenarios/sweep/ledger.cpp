#include "scenarios/sweep/ledger.hpp"

#include <limits>

namespace superpod::scenarios {
namespace {

using analysis::Column;
using analysis::Figure;

std::vector<Column> described(const Figure& figure) {
  std::vector<Column> columns{{figure.key, figure.unit, figure.meaning, std::vector<double>{}}};
  if (figure.interval) {
    columns.push_back(
        {figure.key + "_low", figure.unit, "lower end: " + figure.meaning, std::vector<double>{}});
    columns.push_back(
        {figure.key + "_high", figure.unit, "upper end: " + figure.meaning, std::vector<double>{}});
  }
  return columns;
}

/// Columns of all points, filled where a point has a value.
class Sheet {
 public:
  explicit Sheet(std::size_t rows) : rows_{rows} {}

  /// Which columns the values of such figures go to.
  std::vector<std::size_t> places(const std::vector<Figure>& figures) {
    std::vector<std::size_t> all;
    for (const Figure& figure : figures)
      for (Column& column : described(figure)) {
        const auto [at, is_new] = place_.try_emplace(column.name, columns.size());
        if (is_new) {
          column.values = std::vector<double>(rows_, std::numeric_limits<double>::quiet_NaN());
          columns.push_back(std::move(column));
        }
        all.push_back(at->second);
      }
    return all;
  }

  std::vector<Column> columns;

 private:
  std::size_t rows_;
  std::map<std::string, std::size_t> place_;
};

}  // namespace

void Ledger::add(const Outcome& outcome) {
  Entry& entry = entries_.at(static_cast<std::size_t>(outcome.point));
  if (entry.is_there) --counts_[static_cast<std::size_t>(entry.status)];
  const auto [kind, is_new] = kind_of_.try_emplace(bytes_of(outcome).figures, kinds_.size());
  if (is_new) kinds_.push_back(outcome.figures);
  entry = {true, outcome.status, kind->second, {}, outcome.message};
  for (const Figure& figure : outcome.figures) {
    entry.values.push_back(figure.value);
    if (figure.interval)
      entry.values.insert(entry.values.end(), {figure.interval->first, figure.interval->second});
  }
  ++counts_[static_cast<std::size_t>(outcome.status)];
}

std::vector<std::string> Ledger::status_words_of_all() const {
  std::vector<std::string> words;
  for (const Entry& entry : entries_)
    words.emplace_back(entry.is_there ? status_words[static_cast<std::size_t>(entry.status)] : "pending");
  return words;
}

std::vector<std::string> Ledger::messages() const {
  std::vector<std::string> all;
  for (const Entry& entry : entries_) all.push_back(entry.message);
  return all;
}

std::vector<Column> Ledger::columns() const {
  Sheet sheet{entries_.size()};
  std::map<std::size_t, std::vector<std::size_t>> places;  // by kind, in the order of the points
  for (std::size_t point = 0; point < entries_.size(); ++point) {
    const Entry& entry = entries_[point];
    if (!entry.is_there) continue;
    const auto at = places.contains(entry.kind)
                        ? places.find(entry.kind)
                        : places.emplace(entry.kind, sheet.places(kinds_[entry.kind])).first;
    for (std::size_t i = 0; i < entry.values.size(); ++i)
      std::get<std::vector<double>>(sheet.columns[at->second[i]].values)[point] = entry.values[i];
  }
  return std::move(sheet.columns);
}

}  // namespace superpod::scenarios
