#include "models/kernels/family.hpp"

namespace superpod::models {
namespace {

KernelFamily::Form form_of(const AttentionShape& shape) {
  using enum KernelFamily::Form;
  if (shape.backward) return attention_backward;
  const bool latent = shape.qk_dim != shape.v_dim;
  if (!is_decode(shape)) return latent ? mla_prefill : attention_prefill;
  return latent ? mla_decode : shape.heads == shape.kv_heads ? mha_decode : attention_decode;
}

}  // namespace

KernelFamily family_of(const Kernel& kernel) {
  using enum KernelFamily::Form;
  switch (kernel.kind) {
    case Kernel::Kind::gemm:
      return {gemm, kernel.precision, kernel.scaling, kernel.precision};
    case Kernel::Kind::grouped_gemm:
      return {grouped_gemm, kernel.precision, kernel.scaling, kernel.precision};
    case Kernel::Kind::attention:
      return {form_of(kernel.attention), kernel.precision, kernel.scaling, kernel.cached};
    case Kernel::Kind::vector:
      break;
  }
  return {};
}

std::string text(const KernelFamily& family) {
  std::string out;
  for (const auto& [word, value] : words(family.form))
    if (value == family.form) out = word;
  if (family.form == KernelFamily::Form::vector) return out;
  out += ' ' + std::string{word(family.precision)};
  for (const auto& [word, value] : words(family.scaling))
    if (value == family.scaling && value != Scaling::none) out += ' ' + std::string{word};
  if (family.cached != family.precision) out += " kv " + std::string{word(family.cached)};
  return out;
}

}  // namespace superpod::models
