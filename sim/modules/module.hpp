/// Libraries of ours that are loaded when they are first asked for: what stands behind them takes
/// milliseconds to load, which a program that never asks must not pay.
#pragma once

namespace superpod {

/// Where a module is: where it was built, else where the loader looks for a library of this name.
struct Module {
  const char* built;
  const char* name;
};

/// The function `symbol` of `module`, which stays loaded, with its names for itself: those of the libraries
/// behind it meet no others of this process. Throws std::runtime_error with what the loader says.
void* symbol_of(const Module& module, const char* symbol);

/// The same, as the function `F` that a door's header declares.
template <class F>
F* function_of(const Module& module, const char* symbol) {
  return reinterpret_cast<F*>(symbol_of(module, symbol));
}

}  // namespace superpod
