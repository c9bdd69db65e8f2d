#include "scenarios/text/library.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "scenarios/asked/explain.hpp"
#include "scenarios/asked/scenario.hpp"
#include "scenarios/text/entry.hpp"
#include "scenarios/text/parameters.hpp"

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

const fs::path root{SUPERPOD_ROOT};

Library small_library() { return Library{{root / "tests" / "scenarios" / "library"}}; }

/// What the entry of that name becomes; fails on a mistake.
template <class T>
models::Entry<T> entry(const std::string& yaml, const Library& library) {
  Mistakes mistakes;
  Places places;
  Reader reader{library, mistakes, places};
  models::Entry<T> result;
  const auto tree = parse_yaml(std::make_shared<Source>(Source{"t.yaml", yaml}), mistakes);
  if (tree) read(*tree, result, Spot{"it", T::kind, {}, {}}, reader);
  EXPECT_TRUE(mistakes.empty()) << text(mistakes);
  return result;
}

TEST(Library, FindsEntriesByName) {
  const auto chip = entry<models::Chip>("small_chip", small_library());
  EXPECT_EQ(chip.name, "small_chip");
  EXPECT_EQ(chip.value.name, "Small Chip");
  EXPECT_EQ(chip.value.memory->value, 16 * unit::GB);
  EXPECT_EQ(chip.value.memory->grade, Grade::published);
  EXPECT_EQ(chip.value.memory_bandwidth->note, "copy of 1 GB");
}

TEST(Library, AnEntryMayBeRefined) {
  const auto chip =
      entry<models::Chip>("{base: small_chip, memory: 32 GB, peak: {fp8: 300 TFLOP/s}}", small_library());
  EXPECT_EQ(chip.value.memory->value, 32 * unit::GB);
  EXPECT_EQ(chip.value.memory->grade, Grade::assumed);  // what the user says himself
  EXPECT_EQ(chip.value.memory->source, "");
  EXPECT_EQ(chip.value.peak.bf16->value, 100 * unit::TFLOP / unit::s);
  EXPECT_EQ(chip.value.peak.fp8->value, 300 * unit::TFLOP / unit::s);
}

TEST(Library, AnEntryMayRefineAnother) {
  const auto chip = entry<models::Chip>("quick_chip", small_library());
  EXPECT_EQ(chip.value.name, "Quick Chip");
  EXPECT_EQ(chip.value.memory->value, 16 * unit::GB);
  EXPECT_EQ(chip.value.peak.fp8->value, 300 * unit::TFLOP / unit::s);
}

TEST(Library, ARefinementCanTakeAwayWhatIsOptional) {
  EXPECT_FALSE(entry<models::Chip>("{base: small_chip, memory: null}", small_library()).value.memory);
}

TEST(Library, TheChipOfASystemIsRefinedThroughIt) {
  const auto pod = entry<models::System>("{base: small_pod, chip: {memory: 8 GB}}", small_library());
  EXPECT_EQ(pod.value.chip.name, "small_chip");
  EXPECT_EQ(pod.value.chip.value.memory->value, 8 * unit::GB);
  EXPECT_EQ(pod.value.chip.value.name, "Small Chip");
}

TEST(Library, WhatIsReadAgainIsTheSame) {
  const fs::path file = root / "scenarios" / "all_reduce_on_gb200_nvl72.yaml";
  const Library library = Library::standard();
  const std::string first = explain(read_scenario(file, library), library);
  EXPECT_EQ(explain(read_scenario(file, library), library), first);
  EXPECT_EQ(explain(read_scenario(file, Library::standard()), library), first);
}

TEST(Library, ValuesOfAnEntryHaveTheirPlaceInItsFile) {
  const Library library = small_library();
  for (int reading = 1; reading <= 2; ++reading) {
    Mistakes mistakes;
    Places places;
    Reader reader{library, mistakes, places};
    models::Entry<models::System> pod;
    const auto name = parse_yaml(std::make_shared<Source>(Source{"t.yaml", "small_pod"}), mistakes);
    read(*name, pod, Spot{"it", "system", {}, {}}, reader);
    const auto file_at = [&](const std::string& path) {
      return fs::path{places.at(path).source->name}.filename();
    };
    EXPECT_EQ(text(places.at("it")), "t.yaml:1:1");
    EXPECT_EQ(file_at("it.levels"), "small_pod.yaml");
    EXPECT_EQ(file_at("it.chip"), "small_pod.yaml");
    EXPECT_EQ(file_at("it.chip.memory"), "small_chip.yaml");
    EXPECT_TRUE(places.contains("it.chip.memory") && !places.contains("it.chip.memories"));
    const std::string network = "it.networks." + name_or_index(pod.value.networks.front(), 0) + ".bandwidth";
    EXPECT_EQ(text(places.at("it.networks.0.bandwidth")), text(places.at(network)));
    EXPECT_NE(text(places.at(network)), text(places.at("it.networks")));
  }
}

TEST(Library, MistakesOfAnEntryAreToldEachTime) {
  const Library library = small_library();
  for (int reading = 1; reading <= 2; ++reading) {
    Mistakes mistakes;
    Places places;
    entry_named<models::Chip>("broken", library, mistakes, places);
    EXPECT_EQ(mistakes.count(), 1U) << text(mistakes);
  }
}

TEST(Library, TheFirstFolderThatHasAnEntryWins) {
  const fs::path own = fs::path{testing::TempDir()} / "own_library";
  fs::create_directories(own / "chips");
  fs::copy_file(root / "tests/scenarios/library/chips/quick_chip.yaml", own / "chips" / "hen.yaml",
                fs::copy_options::overwrite_existing);
  const Library both{{own, root / "tests" / "scenarios" / "library"}};
  EXPECT_EQ(both.file("chips", "hen"), own / "chips" / "hen.yaml");
  EXPECT_EQ(entry<models::Chip>("hen", both).value.name, "Quick Chip");
  fs::remove_all(own);
}

TEST(Library, ANameIsNeverAPath) {
  EXPECT_FALSE(small_library().file("chips", "../chips/small_chip"));
  EXPECT_FALSE(small_library().file("chips", "/etc/passwd"));
  EXPECT_FALSE(small_library().file("chips", ""));
}

TEST(Library, WithoutFoldersIsEmpty) { EXPECT_TRUE(Library{{"/no/such/folder"}}.names("chips").empty()); }

TEST(Show, PrintsGradesAndSources) {
  const std::string said = show("small_chip", small_library());
  EXPECT_NE(said.find("memory             16 GB        published  handbook"), std::string::npos) << said;
  EXPECT_NE(said.find("handbook: The handbook of small chips, https://example.org/handbook"),
            std::string::npos);
  EXPECT_NE(said.find("matrix_efficiency  1"), std::string::npos) << "a default is shown too";
  EXPECT_NE(said.find("memory_bandwidth: copy of 1 GB"), std::string::npos);
}

TEST(Show, ProposesTheClosestName) {
  try {
    show("smal_chip", small_library());
    FAIL();
  } catch (const ScenarioError& error) {
    EXPECT_NE(std::string{error.what()}.find("did you mean 'small_chip'"), std::string::npos);
  }
}

TEST(List, NamesEachEntryOfAShelf) {
  EXPECT_EQ(list("systems", small_library()), "systems\n  small_pod  Small pod\n");
}

}  // namespace
}  // namespace superpod::scenarios
