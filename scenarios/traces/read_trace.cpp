#include "scenarios/traces/read_trace.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "scenarios/traces/line_mistakes.hpp"
#include "scenarios/traces/line_reader.hpp"
#include "scenarios/traces/recording.hpp"
#include "scenarios/traces/trace_fields.hpp"
#include "scenarios/traces/trace_format.hpp"

namespace superpod::scenarios {
namespace {

bool says_nothing(const Line& line) {
  return line.text.starts_with('#') || line.text.find_first_not_of(" \t") == std::string_view::npos;
}

std::optional<LineFlaw> take(const Line& line, TraceFields& fields, Recording& recording) {
  if (line.too_long)
    return LineFlaw{line.text.substr(0, 1), "this line has more than a megabyte", "a line holds one request"};
  std::optional<LineFlaw> flaw;
  return fields.read(line.text, flaw) ? recording.add(fields) : std::move(flaw);
}

}  // namespace

models::RecordedRequests read_trace(const std::filesystem::path& path, const models::TraceRequests& trace,
                                    Mistakes& mistakes) {
  const TraceColumns columns = columns_of(trace.format);
  LineReader lines{path};
  LineMistakes wrong{path.string()};
  TraceFields fields{columns};
  Recording recording{columns};
  const std::int64_t most = trace.first.value_or(std::numeric_limits<std::int64_t>::max());
  while (recording.size() < most && !fields.useless()) {
    const auto line = lines.next();
    if (!line) break;
    if (says_nothing(*line)) continue;
    if (auto flaw = take(*line, fields, recording)) wrong.add(*line, std::move(*flaw));
  }
  wrong.note(mistakes);
  if (wrong.empty() && recording.size() == 0)
    mistakes.add({std::make_shared<Source>(Source{path.string(), {}})}, "the trace holds no request",
                 "a line for each");
  return std::move(recording).take();
}

}  // namespace superpod::scenarios
