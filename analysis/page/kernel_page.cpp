#include "analysis/page/kernel_page.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "analysis/page/answer.hpp"
#include "analysis/page/assets.hpp"
#include "analysis/page/bar_markup.hpp"
#include "analysis/page/document.hpp"
#include "analysis/page/html.hpp"
#include "analysis/page/kernel_errors.hpp"
#include "analysis/page/quantity.hpp"
#include "analysis/page/residual_plot.hpp"
#include "analysis/page/roofline_plot.hpp"

namespace superpod::analysis {
namespace {

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return quantity(static_cast<double>(count), "") + " " + (count == 1 ? one : many);
}

std::string percent_with_sign(double share) {
  return std::isfinite(share) ? percent(share) + "\u00A0%" : "n/a";
}

std::string id_of(std::size_t group) { return "group-" + std::to_string(group + 1); }

std::string name_of(const KernelGroup& group) {
  return group.name.empty() ? "Group without a name" : group.name;
}

/// The opening of a table, which scrolls where it is wider than the window. `style`: classes; `stacked of-3`
/// puts the three numbers of a row below its name in a narrow window.
std::string opening(const std::string& caption, const std::string& style, const std::string& headings) {
  return "<div class='scroll' tabindex='0' role='region' aria-label='" + html(caption) +
         "'><table class='data " + style + "'><caption class='unseen'>" + html(caption) +
         "</caption><thead><tr>" + headings + "</tr></thead><tbody>\n";
}

constexpr const char* closing = "</tbody></table></div>\n";

/// A column's heading: of words without `unit`, of numbers with one, `1` where they have no dimension.
std::string heading(const std::string& text, const std::string& unit = {}) {
  return "<th scope='col'" + std::string{unit.empty() ? "" : " class='n'"} + ">" + text +
         (unit.empty() || unit == "1" ? "" : " <span class='unit'>(" + unit + ")</span>") + "</th>";
}

/// A number that sorts by `value` and reads `text`.
std::string number(double value, const std::string& text) {
  return "<td class='n' data-sort='" + script_number(value) + "'>" + html(text) + "</td>";
}

// ---- All groups --------------------------------------------------------------------------------------

/// The largest error of a group's rows; NaN of none.
double worst_error(const KernelGroup& group) {
  const std::vector<const KernelPoint*> rows = worst(group, 1);
  return rows.empty() ? std::nan("") : error(*rows.front());
}

std::string group_row(const KernelGroup& group, const std::string& id) {
  const auto rows = static_cast<double>(group.points.size());
  std::string out = "<tr><th scope='row'><a href='#" + id + "'>" + isolated(name_of(group)) + "</a>";
  if (!group.implementation.empty())
    out += "<span class='what'>" + isolated(group.implementation) + "</span>";
  out += "</th>" + number(rows, quantity(rows, ""));
  for (const double share : {group.median_error, group.mean_error, group.p90_error, worst_error(group)})
    out += number(share, percent(share));
  return out + "</tr>\n";
}

std::string groups_section(const KernelReport& report) {
  if (report.groups.empty()) return "";
  const std::string headings = heading("Group") + heading("Rows", "1") + heading("Median", "%") +
                               heading("Mean", "%") + heading("9 in 10", "%") + heading("Worst", "%");
  std::string out =
      "<p class='lead'>The error of a row is |predicted / measured − 1|. Half of the rows "
      "have at most the median error, nine in ten at most the error under that name.</p>\n" +
      opening("Errors of each group of rows", "sortable stacked of-5", headings);
  for (std::size_t i = 0; i < report.groups.size(); ++i) out += group_row(report.groups[i], id_of(i));
  return out + closing;
}

// ---- One group ---------------------------------------------------------------------------------------

std::string verdict(const KernelGroup& group) {
  const std::size_t rows = group.points.size(), without = rows - comparable(group).size();
  std::string out = "<p class='verdict'>" + counted(rows, "row", "rows") + ": the predicted time is off by " +
                    percent_with_sign(group.median_error) + " in the median, " +
                    percent_with_sign(group.mean_error) + " in the mean, and at most " +
                    percent_with_sign(group.p90_error) + " in nine rows of ten.";
  if (without > 0)
    out +=
        " " + counted(without, "row has", "rows have") + " no positive, finite time and cannot be compared.";
  out += "</p>\n";
  std::string origin = group.implementation.empty() ? "" : isolated(group.implementation);
  if (!group.source.empty()) origin += (origin.empty() ? "" : " · ") + isolated(group.source);
  return origin.empty() ? out : out + "<p class='lead source'>" + origin + "</p>\n";
}

std::string parameters_table(const KernelGroup& group) {
  if (group.parameters.empty()) return "";
  std::string out = "<div><h3>Fitted parameters</h3>" +
                    opening("Parameters of " + name_of(group), "", heading("Parameter") + heading("Value"));
  for (const auto& [name, value] : group.parameters)
    out += "<tr><th scope='row'>" + isolated(capitalised(words(name))) + "</th><td>" + isolated(value) +
           "</td></tr>\n";
  return out + closing + "</div>";
}

std::string worst_table(const KernelGroup& group) {
  const std::vector<const KernelPoint*> rows = worst(group, worst_shown);
  if (rows.empty()) return "";
  std::string out = "<div><h3>Predicted worst</h3>" +
                    opening("Rows of " + name_of(group) + " with the largest errors", "sortable stacked of-3",
                            heading("Shape") + heading("Measured", "1") + heading("Predicted", "1") +
                                heading("Predicted / measured", "1"));
  for (const KernelPoint* row : rows) {
    out += "<tr><th scope='row'>" + isolated(row->label) + "</th>";
    for (const Seconds time : {row->measured, row->predicted})
      out += number(time.in(unit::s), quantity(time.in(unit::s), "s"));
    out += number(ratio(*row), digits(ratio(*row), {1, 2, ""})) + "</tr>\n";
  }
  return out + closing + "</div>";
}

std::string group_section(const KernelGroup& group) {
  const std::string residuals = residual_plot(group), parameters = parameters_table(group);
  const std::string rows = worst_table(group),
                    both = parameters.empty() || rows.empty() ? "" : " class='tables'";
  return "<div class='group'>" + verdict(group) +
         (residuals.empty() ? "" : "<div class='plots'>" + roofline_plot(group) + residuals + "</div>\n") +
         "<div" + both + ">" + parameters + rows + "</div></div>\n";
}

// ---- What could not be predicted, and the answer -----------------------------------------------------

std::string unread_section(const KernelReport& report) {
  if (report.unread.empty()) return "";
  std::string out =
      opening("Rows without a prediction", "sortable", heading("Reason") + heading("Rows", "1"));
  for (const auto& [reason, rows] : report.unread)
    out += "<tr><th scope='row'>" + isolated(reason) + "</th>" + number(rows, quantity(rows, "")) + "</tr>\n";
  return out + closing;
}

/// A share in per cent to one decimal, as the tables have it.
Figure share(const std::string& key, double value, const std::string& meaning) {
  return {key, std::round(1000 * value) / 10, "%", meaning};
}

/// The head of the page, with the errors over the rows of all groups together.
Result head_of(const KernelReport& report) {
  std::vector<double> errors;
  for (const KernelGroup& group : report.groups)
    for (const KernelPoint* point : comparable(group)) errors.push_back(error(*point));
  const double unread = std::accumulate(report.unread.begin(), report.unread.end(), 0.0,
                                        [](double sum, const auto& some) { return sum + some.second; });
  constexpr double near = 0.1, most = 0.9;
  Result out;
  out.name = report.title.empty() ? "Kernel times" : report.title;
  out.kind = "measured and predicted kernel times";
  out.verdict = report.summary;
  out.figures = {{"rows_predicted", static_cast<double>(errors.size()), "", "in all groups together"}};
  if (!errors.empty()) {
    out.figures.push_back(
        share("median_error", median(errors), "half of these rows have at most this error"));
    out.figures.push_back(share("error_of_9_rows_in_10", quantile(errors, most), "at most"));
    out.figures.push_back(share("rows_within_10_%", share_within(errors, near), "of the measured time"));
  }
  out.figures.push_back({"groups", static_cast<double>(report.groups.size()), "", "each a kernel on a chip"});
  out.figures.push_back(
      {"rows_without_a_prediction", unread, "", unread > 0 ? "their reasons stand below" : ""});
  return out;
}

}  // namespace

std::string kernel_page(const KernelReport& report) {
  Document document{std::string{page_css} + std::string{kernel_css}};
  document.section("groups", "All groups", groups_section(report));
  for (std::size_t i = 0; i < report.groups.size(); ++i)
    document.section(id_of(i), isolated(name_of(report.groups[i])), group_section(report.groups[i]));
  document.section("unread", "Rows without a prediction", unread_section(report));
  const Result head = head_of(report);
  return document.whole(head.name, answer(head));
}

}  // namespace superpod::analysis
