/// `superpod validate`: what was measured, against what superpod says.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "models/kernels/timing.hpp"
#include "scenarios/text/library.hpp"
#include "scenarios/validate/prediction.hpp"

namespace superpod::scenarios {

/// Reads any table that superpod knows and predicts each row of it with the catalogue as it is:
///
/// - kernels (kernel_table.hpp), by the timing models of their chips;
/// - steps of training (training_rows.hpp), each simulated; tokens/s of one GPU are compared;
/// - the phases of the step that DeepSeek has published (step_phases.hpp);
/// - collectives within one scale-up domain (collective_rows.hpp), each simulated;
/// - runs of serving engines (serving_rows.hpp), each simulated: TTFT, TPOT and E2E are compared.
///
/// Rows that cannot be predicted are in `unread` with the reason.
/// Throws ScenarioError for what is no such table, std::runtime_error with the path when it cannot be read.
Validation validate(const std::filesystem::path& path, const Library& library,
                    const std::function<void(double)>& progress = {});

/// Rows that belong together: one system, one subject, one implementation, one measure.
struct GroupError {
  std::string system, subject, implementation, measure;
  std::size_t rows = 0;
  models::PredictionError error;
  double bias = 0;  ///< median of predicted / measured - 1
};

/// In alphabetic order.
std::vector<GroupError> groups(const Validation& validation);

/// Why rows are unread, and how many; most first.
std::vector<std::pair<std::string, int>> unread_by_reason(const Validation& validation);

/// Groups with their errors as an aligned table, what is unread, and the rows themselves where they are few.
std::string text(const Validation& validation);

/// One object: `table`, `rows` (all of the table), `predicted`, `unread` [{`why`, `rows`}], `groups`
/// [{`system`, the subject, `implementation`, `measure` where there are more, `rows`, `median_error`,
/// `mean_error`, `p90_error`, `bias`}].
std::string json(const Validation& validation);

/// The table itself, with a few columns more in each row: what it is, measured, predicted, the prediction's
/// interval, its error (these of each measure), what it rests on, or why it is unread. Columns of these
/// names are replaced.
void write(std::ostream& out, const Validation& validation);

/// A page (analysis/page/kernel_page.hpp) with residuals of each group, and rooflines where kernels were
/// measured.
std::string page(const Validation& validation);

}  // namespace superpod::scenarios
