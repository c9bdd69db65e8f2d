/// A catalogue entry by name, or a mapping that refines one.
#pragma once

#include <string>

namespace superpod::models {

template <class T>
struct Entry {
  std::string name;  ///< of the catalogue entry; empty when it was written out in full
  T value;           ///< `base: NAME`, then what differs
};

}  // namespace superpod::models
