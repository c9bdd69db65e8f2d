/// The columns of the traces that are published, and of our own.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "models/serving/requests/requests.hpp"

namespace superpod::scenarios {

/// A moment to better than a ns, also where it is counted from 1970.
struct Moment {
  std::int64_t seconds = 0;
  double rest = 0;  ///< of a second, in [0, 1)

  auto operator<=>(const Moment&) const = default;
};
Seconds between(const Moment& earlier, const Moment& later);

/// Names of columns, or of keys in JSON lines; those that are not named are not read.
///
///     azure     Azure's LLM inference traces of 2023 and 2024, and that of multimodal models of 2025, whose
///               column NumImages is not read: TIMESTAMP,ContextTokens,GeneratedTokens
///     mooncake  JSON lines with timestamp (ms), input_length, output_length and hash_ids, one for each 512
///               tokens of the prompt
///     burstgpt  Timestamp (s), Request tokens and Response tokens; those without a response failed
///     own       a table or JSON lines with arrival_s, input_tokens and output_tokens
///
/// Source: Azure/AzurePublicDataset, AzureLLMInferenceDataset2023.md and its successors; kvcache-ai/Mooncake,
///         FAST25-release/traces; HPMLL/BurstGPT, README.md (read 2026).
struct TraceColumns {
  std::string_view name;  ///< of the format
  std::string_view arrival, input_tokens, output_tokens;
  std::string_view blocks;  ///< none: empty
  int block_tokens = 0;
  bool may_fail = false;  ///< 0 tokens of output: the request failed
  std::optional<Moment> (*moment)(std::string_view text);
  std::string_view example;  ///< of a moment
};
TraceColumns columns_of(models::TraceFormat format);

}  // namespace superpod::scenarios
