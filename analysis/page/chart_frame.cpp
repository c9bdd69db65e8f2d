#include "analysis/page/chart_frame.hpp"

#include "analysis/page/html.hpp"

namespace superpod::analysis {

std::string chart_frame(const ChartFrame& chart) {
  return "<figure class='chart' data-chart='" + chart.name +
         "' hidden><div class='tools'></div><div class='drawn' tabindex='0' role='application' "
         "aria-roledescription='chart' aria-label='" +
         html(chart.label) + "'></div><output class='unseen'></output><figcaption>" + html(chart.hint) +
         "</figcaption></figure>\n";
}

}  // namespace superpod::analysis
