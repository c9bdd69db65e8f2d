/// What each kind of workload says of itself before it runs.
///
/// A kind is a described struct with a `kind` word and these free functions, which argument-dependent lookup
/// finds. What does not apply to a kind, it says itself, in note_misfits.
///
///     read_tables(workload, places, mistakes)    takes in the files that it names
///     note_flaws(workload, on, mistakes)         what of it does not fit the system
///     note_misfits(workload, on, mistakes)     what of the rest of the scenario does not go with it
///     check_ways(workload, on)                   throws topology::Unreachable where it finds no way
///     std::string explained(workload, on)        what it rests on beside its parameters; may be empty
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <variant>

#include "scenarios/asked/scenario.hpp"
#include "scenarios/text/mistakes.hpp"

namespace superpod::scenarios {

template <class W>
concept HasKind = requires {
  { W::kind } -> std::convertible_to<std::string_view>;
};

template <class W>
concept ReadsTables = requires(W& workload, const Places& places, Mistakes& mistakes) {
  read_tables(workload, places, mistakes);
};

template <class W>
concept NotesFlaws = requires(const W& workload, const ScenarioFile& on, Mistakes& mistakes) {
  note_flaws(workload, on, mistakes);
};

template <class W>
concept NotesMisfits = requires(const W& workload, const ScenarioFile& on, Mistakes& mistakes) {
  note_misfits(workload, on, mistakes);
};

template <class W>
concept ChecksWays = requires(const W& workload, const ScenarioFile& on) {
  check_ways(workload, on);
};

template <class W>
concept Explained = requires(const W& workload, const ScenarioFile& on) {
  { explained(workload, on) } -> std::same_as<std::string>;
};

template <class W>
concept Askable =
    HasKind<W> && ReadsTables<W> && NotesFlaws<W> && NotesMisfits<W> && ChecksWays<W> && Explained<W>;

/// Does not compile for a kind that lacks a function, and says which.
template <class W>
consteval bool check_askable() {
  static_assert(HasKind<W>, "a kind of workload needs a word: static constexpr std::string_view kind");
  static_assert(ReadsTables<W>, "this kind of workload lacks read_tables(workload, places, mistakes)");
  static_assert(NotesFlaws<W>, "this kind of workload lacks note_flaws(workload, on, mistakes)");
  static_assert(NotesMisfits<W>, "this kind of workload lacks note_misfits(workload, on, mistakes)");
  static_assert(ChecksWays<W>, "this kind of workload lacks check_ways(workload, on)");
  static_assert(Explained<W>, "this kind of workload lacks std::string explained(workload, on)");
  return Askable<W>;
}

// The same of whichever kind a workload is.

template <class... Kinds>
void read_tables(std::variant<Kinds...>& workload, const Places& places, Mistakes& mistakes) {
  static_assert((check_askable<Kinds>() && ...));
  std::visit([&](auto& of_its_kind) { read_tables(of_its_kind, places, mistakes); }, workload);
}

template <class... Kinds>
void note_flaws(const std::variant<Kinds...>& workload, const ScenarioFile& on, Mistakes& mistakes) {
  static_assert((check_askable<Kinds>() && ...));
  std::visit([&](const auto& of_its_kind) { note_flaws(of_its_kind, on, mistakes); }, workload);
}

template <class... Kinds>
void note_misfits(const std::variant<Kinds...>& workload, const ScenarioFile& on, Mistakes& mistakes) {
  static_assert((check_askable<Kinds>() && ...));
  std::visit([&](const auto& of_its_kind) { note_misfits(of_its_kind, on, mistakes); }, workload);
}

template <class... Kinds>
void check_ways(const std::variant<Kinds...>& workload, const ScenarioFile& on) {
  static_assert((check_askable<Kinds>() && ...));
  std::visit([&](const auto& of_its_kind) { check_ways(of_its_kind, on); }, workload);
}

template <class... Kinds>
std::string explained(const std::variant<Kinds...>& workload, const ScenarioFile& on) {
  static_assert((check_askable<Kinds>() && ...));
  return std::visit([&](const auto& of_its_kind) { return explained(of_its_kind, on); }, workload);
}

}  // namespace superpod::scenarios
