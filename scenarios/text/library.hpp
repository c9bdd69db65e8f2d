/// The catalogue: folders of YAML files, one entry a file, each named by its file.
///
///     library/chips/h100_sxm.yaml   library/systems/atlas_950.yaml   library/models/deepseek_v3.yaml
///     library/timings/h100_sxm.yaml   (how long its kernels take, fitted)
///     library/engines/vllm_0_19.yaml    (how a serving engine chooses its batches)
///     library/sources.yaml          what the word in `source:` stands for
#pragma once

#include <any>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/text/mistakes.hpp"
#include "scenarios/text/yaml.hpp"

namespace superpod::scenarios {

/// The folder of the entries of one described kind: `chip` -> `chips`, `llm` -> `models`.
constexpr std::string_view shelf_of(std::string_view kind) {
  if (kind == "chip") return "chips";
  if (kind == "system") return "systems";
  if (kind == "llm") return "models";
  if (kind == "timing") return "timings";
  if (kind == "engine") return "engines";
  return {};
}
inline constexpr std::string_view shelves[] = {"chips", "systems", "models", "timings", "engines"};

class Library {
 public:
  /// An entry is taken from the first folder that has it.
  explicit Library(std::vector<std::filesystem::path> folders)
      : folders_{std::move(folders)}, parsed_{std::make_shared<Parsed>()} {}

  /// The folders of the environment variable SUPERPOD_LIBRARY (separated by colons), then the one that
  /// superpod brings.
  static Library standard();

  [[nodiscard]] std::vector<std::string> names(std::string_view shelf) const;  ///< in alphabetic order
  [[nodiscard]] std::optional<std::filesystem::path> file(std::string_view shelf,
                                                          std::string_view name) const;

  /// The entry as written. Notes at `asked` when there is none of that name, and in its own file what is
  /// wrong there. A file without mistakes is read once, for this library and its copies.
  [[nodiscard]] std::optional<Node> entry(std::string_view shelf, std::string_view name, const Place& asked,
                                          Mistakes& mistakes) const;

  /// What has been kept of an entry, for this library and its copies; nothing when nothing has.
  [[nodiscard]] std::any kept(std::string_view shelf, std::string_view name) const;
  void keep(std::string_view shelf, std::string_view name, std::any what) const;

  /// What each source is: its title, and where to find it.
  [[nodiscard]] std::map<std::string, std::string> sources(Mistakes& mistakes) const;

  [[nodiscard]] const std::vector<std::filesystem::path>& folders() const { return folders_; }

 private:
  using Key = std::pair<std::string, std::string>;  // shelf and name
  struct Parsed {
    std::mutex mutex;
    std::map<Key, Node> entries;
    std::map<Key, std::any> kept;
  };

  std::vector<std::filesystem::path> folders_;
  std::shared_ptr<Parsed> parsed_;
};

}  // namespace superpod::scenarios
