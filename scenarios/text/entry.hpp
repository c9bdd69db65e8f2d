/// An entry of the catalogue by its name, as the value it describes.
#pragma once

#include <string>
#include <utility>

#include "scenarios/text/yaml_read.hpp"

namespace superpod::scenarios {

/// Notes what is wrong with it, and where each of its values was written.
template <class T>
T entry_named(const std::string& name, const Library& library, Mistakes& mistakes, Places& places) {
  Node asked;
  asked.kind = Node::Kind::scalar;
  asked.text = name;
  models::Entry<T> entry;
  Reader reader{library, mistakes, places};
  read(asked, entry, Spot{{}, T::kind, {}, {}}, reader);
  return std::move(entry.value);
}

/// Throws ScenarioError when there is none of that name, or it has mistakes.
template <class T>
T entry_named(const std::string& name, const Library& library) {
  Mistakes mistakes;
  Places places;
  T value = entry_named<T>(name, library, mistakes, places);
  require_none(mistakes);
  return value;
}

}  // namespace superpod::scenarios
