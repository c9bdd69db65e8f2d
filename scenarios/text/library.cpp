#include "scenarios/text/library.hpp"

#include <cstdlib>
#include <set>

namespace superpod::scenarios {
namespace {

namespace fs = std::filesystem;

/// `chips` -> `chip`.
std::string singular(std::string_view shelf) { return std::string{shelf.substr(0, shelf.size() - 1)}; }

std::vector<fs::path> split(std::string_view list) {
  std::vector<fs::path> all;
  while (!list.empty()) {
    const std::string_view first = list.substr(0, list.find(':'));
    if (!first.empty()) all.emplace_back(first);
    list.remove_prefix(std::min(list.size(), first.size() + 1));
  }
  return all;
}

}  // namespace

Library Library::standard() {
  const char* chosen = std::getenv("SUPERPOD_LIBRARY");
  std::vector<fs::path> folders = split(chosen ? chosen : "");
  folders.emplace_back(SUPERPOD_LIBRARY_FOLDER);
  return Library{std::move(folders)};
}

std::vector<std::string> Library::names(std::string_view shelf) const {
  std::set<std::string> found;
  for (const fs::path& folder : folders_) {
    std::error_code none;  // a folder need not have every shelf
    for (const auto& item : fs::directory_iterator{folder / shelf, none})
      if (item.path().extension() == ".yaml") found.insert(item.path().stem().string());
  }
  return {found.begin(), found.end()};
}

std::optional<fs::path> Library::file(std::string_view shelf, std::string_view name) const {
  for (const std::string& known : names(shelf)) {  // only what is listed: a name is never a path
    if (known != name) continue;
    for (const fs::path& folder : folders_)
      if (const fs::path path = folder / shelf / (known + ".yaml"); fs::exists(path)) return path;
  }
  return std::nullopt;
}

std::optional<Node> Library::entry(std::string_view shelf, std::string_view name, const Place& asked,
                                   Mistakes& mistakes) const {
  const Key key{shelf, name};
  const std::scoped_lock lock{parsed_->mutex};
  if (const auto known = parsed_->entries.find(key); known != parsed_->entries.end()) return known->second;
  if (const auto path = file(shelf, name)) {
    Mistakes in_file;
    auto tree = read_yaml(*path, in_file);
    if (tree && in_file.empty()) parsed_->entries.emplace(key, *tree);
    for (const Mistake& mistake : in_file.sorted())
      mistakes.add(mistake.place, mistake.message, mistake.help);
    return tree;
  }
  mistakes.add(asked, "the library has no " + singular(shelf) + " " + in_quotes(name),
               mistakes.full() ? "" : suggestion(name, names(shelf), shelf));
  return std::nullopt;
}

std::any Library::kept(std::string_view shelf, std::string_view name) const {
  const std::scoped_lock lock{parsed_->mutex};
  const auto found = parsed_->kept.find(Key{shelf, name});
  return found == parsed_->kept.end() ? std::any{} : found->second;
}

void Library::keep(std::string_view shelf, std::string_view name, std::any what) const {
  const std::scoped_lock lock{parsed_->mutex};
  parsed_->kept.insert_or_assign(Key{shelf, name}, std::move(what));
}

std::map<std::string, std::string> Library::sources(Mistakes& mistakes) const {
  std::map<std::string, std::string> all;
  for (const fs::path& folder : folders_) {
    const fs::path path = folder / "sources.yaml";
    if (!fs::exists(path)) continue;
    const auto tree = read_yaml(path, mistakes);
    if (!tree) continue;
    for (const Node& source : tree->children) {
      std::string what;
      for (const Node& line : source.children) what += (what.empty() ? "" : ", ") + line.text;
      all.emplace(source.key, source.kind == Node::Kind::scalar ? source.text : what);
    }
  }
  return all;
}

}  // namespace superpod::scenarios
