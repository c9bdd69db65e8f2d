#include "sim/modules/module.hpp"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace superpod {

void* symbol_of(const Module& module, const char* symbol) {
  void* loaded = dlopen(module.built, RTLD_NOW | RTLD_LOCAL);
  if (loaded == nullptr) loaded = dlopen(module.name, RTLD_NOW | RTLD_LOCAL);
  if (loaded == nullptr)
    throw std::runtime_error{std::string{"cannot load a part of superpod: "} + dlerror()};
  void* found = dlsym(loaded, symbol);
  if (found == nullptr)
    throw std::runtime_error{std::string{"a part of superpod is another's: "} + dlerror()};
  return found;
}

}  // namespace superpod
