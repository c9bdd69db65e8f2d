#include "sim/modules/module.hpp"

#include <dlfcn.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace superpod {
namespace {

/// The loader says only in words what it lacked, and of a file that it could not map not even that: one that
/// may be run found no room.
bool tells_of_memory(const std::string& why) {
  return why.ends_with(std::strerror(ENOMEM)) || why.ends_with("failed to map segment from shared object");
}

[[noreturn]] void refuse(const std::string& why) {
  throw std::runtime_error{(tells_of_memory(why) ? "too little memory to load a part of superpod: "
                                                 : "cannot load a part of superpod: ") +
                           why};
}

void* loaded(const Module& module) {
  if (void* found = dlopen(module.built, RTLD_NOW | RTLD_LOCAL)) return found;
  const std::string why = dlerror();
  if (std::filesystem::exists(module.built)) refuse(why);
  if (void* found = dlopen(module.name, RTLD_NOW | RTLD_LOCAL)) return found;
  refuse(dlerror());
}

}  // namespace

void* symbol_of(const Module& module, const char* symbol) {
  void* found = dlsym(loaded(module), symbol);
  if (found == nullptr)
    throw std::runtime_error{std::string{"a part of superpod is another's: "} + dlerror()};
  return found;
}

}  // namespace superpod
