#include "scenarios/text/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "scenarios/text/source_file.hpp"

namespace superpod::scenarios {
namespace {

Place place_of(const std::shared_ptr<const Source>& source, const YAML::Mark& mark) {
  if (mark.is_null()) return {source, 1, 1, 1};
  return {source, mark.line + 1, mark.column + 1, 1};
}

/// Escapes of YAML may stand for what no file may hold (NUL, halves of surrogate pairs) or what commands a
/// terminal.
bool is_printable(std::string_view text) {
  const auto is_control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
  };
  return text_prefix(text) == text.size() && std::ranges::none_of(text, is_control);
}

/// The tree is beyond a limit; the mistake has been noted.
struct Abandoned {};

/// Builds the tree from the parser's events, so that nothing exists before it has been looked at.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::shared_ptr<const Source> source, const std::string& text, Mistakes& mistakes)
      : source_{std::move(source)}, text_{text}, mistakes_{mistakes} {}

  std::optional<Node> root;

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 0) return;
    mistakes_.add(place_of(source_, mark), "a second document begins here",
                  "one file holds one YAML mapping");
    throw Abandoned{};
  }
  void OnDocumentEnd() override {}

  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    abandon(mark, "anchor " + in_quotes("&" + name) + ": anchors and aliases are not supported");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    abandon(mark, "aliases are not supported");
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { put(null_at(mark)); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    refuse_tag(mark, tag);
    Node node = scalar_at(mark, value);
    if (!is_printable(value))
      mistakes_.add(node.place, "a character in here cannot be printed",
                    "write words without control characters, such as \\0 or \\x1b");
    put(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(mark, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(mark, Node::Kind::mapping);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    std::optional<Node> key;     ///< of a mapping, when its value is still to come
    std::set<std::string> keys;  ///< seen so far
  };

  /// Repetition is refused at its first sign: an alias bomb is never followed further.
  [[noreturn]] void abandon(const YAML::Mark& mark, const std::string& message) {
    mistakes_.add(place_of(source_, mark), message, "write the value out where it is used");
    throw Abandoned{};
  }

  std::string_view text_at(const YAML::Mark& mark) const {
    const auto offset = static_cast<std::size_t>(std::max(0, mark.pos));
    return std::string_view{text_}.substr(std::min(offset, text_.size()));
  }

  Node null_at(const YAML::Mark& mark) const {
    Node node;
    node.place = place_of(source_, mark);
    const std::string_view rest = text_at(mark);
    for (const std::string_view word : {"null", "Null", "NULL", "~"})
      if (rest.starts_with(word)) node.text = word;
    node.place.length = std::max(1, static_cast<int>(node.text.size()));
    return node;
  }

  /// Whether the quotation mark at the front has its match; the parser takes the end of the file for one.
  static bool is_closed(std::string_view text) {
    const char mark = text.front();
    for (std::size_t i = 1; i < text.size(); ++i) {
      if (text[i] == mark) return true;
      if (mark == '"' && text[i] == '\\') ++i;
    }
    return false;
  }

  Node scalar_at(const YAML::Mark& mark, const std::string& value) {
    Node node;
    node.kind = Node::Kind::scalar;
    node.text = value;
    node.place = place_of(source_, mark);
    const std::string_view rest = text_at(mark).substr(0, text_at(mark).find('\n'));
    std::size_t length = rest.starts_with(value) ? value.size() : 1;
    if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) {
      node.inset = 1;
      if (!is_closed(text_at(mark))) {
        mistakes_.add(node.place, "this quotation mark is never closed",
                      "quote the whole text, or none of it");
        throw Abandoned{};
      }
      const auto closing = rest.find(rest.front(), 1);
      length = closing == std::string_view::npos ? rest.size() : closing + 1;
    }
    node.place.length = std::max(1, static_cast<int>(length));
    return node;
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    mistakes_.add(place_of(source_, mark), "tags are not supported",
                  "leave out the word that begins with '!'");
  }

  void count(const Place& place) {
    if (++values_ <= most_values) return;
    mistakes_.add(place, "more than " + std::to_string(most_values) + " values",
                  "a scenario has some hundreds");
    throw Abandoned{};
  }

  void open(const YAML::Mark& mark, Node::Kind kind) {
    Open level;
    level.node.kind = kind;
    level.node.place = place_of(source_, mark);
    count(level.node.place);
    if (static_cast<int>(open_.size()) == deepest) {
      mistakes_.add(level.node.place, "nested more than " + std::to_string(deepest) + " levels deep");
      throw Abandoned{};
    }
    open_.push_back(std::move(level));
  }

  void close() {
    Node done = std::move(open_.back().node);
    open_.pop_back();
    finish(std::move(done));
  }

  void put(Node node) {
    count(node.place);
    finish(std::move(node));
  }

  void finish(Node node) {
    if (open_.empty()) {
      root = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == Node::Kind::list)
      parent.node.children.push_back(std::move(node));
    else if (!parent.key)
      parent.key = std::move(node);
    else
      finish_pair(parent, std::move(node));
  }

  void finish_pair(Open& parent, Node value) {
    const Node key = std::move(*parent.key);
    parent.key.reset();
    if (key.kind != Node::Kind::scalar) {
      mistakes_.add(key.place, "a key must be a word, but this is " + described(key));
      return;
    }
    if (!parent.keys.insert(key.text).second) {
      const Node* first = parent.node.find(key.text);
      mistakes_.add(
          key.place, in_quotes(key.text) + " is repeated",
          "it was first given in line " + std::to_string(first->key_place.line) + "; remove one of them");
      return;
    }
    value.key = key.text;
    value.key_place = key.place;
    if (value.kind == Node::Kind::null && value.text.empty()) value.place = key.place;
    parent.node.children.push_back(std::move(value));
  }

  std::shared_ptr<const Source> source_;
  const std::string& text_;
  Mistakes& mistakes_;
  std::vector<Open> open_;
  int documents_ = 0, values_ = 0;
};

/// What to do about a syntax error, from the line where the parser gave up.
std::string advice(const Place& place) {
  std::istringstream lines{place.source->text};
  std::string line;
  for (int i = 0; i < place.line; ++i) std::getline(lines, line);
  const auto first = line.find_first_not_of(' ');
  if (first != std::string::npos && line[first] == '\t')
    return "indent with spaces: YAML allows no tabs there";
  return "check indentation, colons, quotes and brackets here and in the line before";
}

}  // namespace

const Node* Node::find(std::string_view its_key) const {
  const auto found =
      std::find_if(children.begin(), children.end(), [&](const Node& n) { return n.key == its_key; });
  return kind == Kind::mapping && found != children.end() ? &*found : nullptr;
}

Node* Node::find(std::string_view its_key) { return const_cast<Node*>(std::as_const(*this).find(its_key)); }

std::string described(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::scalar:
      return in_quotes(node.text);
    case Node::Kind::list:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
  }
  return {};
}

std::optional<Node> parse_yaml(const std::shared_ptr<const Source>& source, Mistakes& mistakes) {
  return parse_yaml(source, source->text, mistakes);
}

std::optional<Node> parse_yaml(const std::shared_ptr<const Source>& source, const std::string& text,
                               Mistakes& mistakes) {
  TreeBuilder builder{source, text, mistakes};
  try {
    std::istringstream stream{text};
    YAML::Parser parser{stream};
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Abandoned&) {
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    const Place place = place_of(source, error.mark);
    mistakes.add(place, "this is not YAML: " + error.msg, advice(place));
    return std::nullopt;
  }
  if (!builder.root)
    mistakes.add({source, 1, 1, 1}, "there is nothing here", "`superpod list scenarios` names examples");
  return std::move(builder.root);
}

std::optional<Node> read_yaml(const std::filesystem::path& path, Mistakes& mistakes) {
  const auto source = read_source(path, mistakes);
  return source ? parse_yaml(source, mistakes) : std::nullopt;
}

}  // namespace superpod::scenarios
