#include "scenarios/text/yaml.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scenarios/text/yaml_merge.hpp"

namespace superpod::scenarios {
namespace {

Node parsed(const std::string& yaml) {
  Mistakes mistakes;
  auto tree = parse_yaml(std::make_shared<Source>(Source{"t.yaml", yaml}), mistakes);
  EXPECT_TRUE(mistakes.empty()) << text(mistakes);
  return tree ? std::move(*tree) : Node{};
}

/// A tree as one line, for comparison.
std::string flow(const Node& node) {
  if (node.kind == Node::Kind::null) return "null";
  if (node.kind == Node::Kind::scalar) return node.text;
  const bool is_list = node.kind == Node::Kind::list;
  std::string all = is_list ? "[" : "{";
  for (const Node& child : node.children)
    all += (all.size() > 1 ? ", " : "") + (is_list ? "" : child.key + ": ") + flow(child);
  return all + (is_list ? "]" : "}");
}

TEST(Yaml, KnowsThePlaceOfEachKeyAndValue) {
  const Node tree = parsed("a: 1\nb:\n  - 'two words'\n  - c: [x, y]\n");
  EXPECT_EQ(flow(tree), "{a: 1, b: [two words, {c: [x, y]}]}");
  EXPECT_EQ(text(tree.find("a")->place), "t.yaml:1:4");
  const Node& b = *tree.find("b");
  EXPECT_EQ(text(b.key_place), "t.yaml:2:1");
  EXPECT_EQ(text(b.children[0].place), "t.yaml:3:5");
  EXPECT_EQ(b.children[0].place.length, 11);
  EXPECT_EQ(b.children[0].inset, 1);
  EXPECT_EQ(text(b.children[1].find("c")->children[1].place), "t.yaml:4:12");
}

TEST(Yaml, LinesMayEndInCarriageReturn) {
  const Node tree = parsed("a: 1\r\nb: \"q\\\"x\"\r\nc: [1,\r\n 2]\r\n");
  EXPECT_EQ(flow(tree), "{a: 1, b: q\"x, c: [1, 2]}");
  EXPECT_EQ(text(tree.find("c")->children[1].place), "t.yaml:4:2");
}

TEST(Yaml, ANullThatIsWrittenDiffersFromNothing) {
  const Node tree = parsed("a: null\nb: ~\nc:\n");
  EXPECT_EQ(tree.find("a")->text, "null");
  EXPECT_EQ(tree.find("b")->text, "~");
  EXPECT_EQ(tree.find("c")->text, "");
  EXPECT_EQ(text(tree.find("c")->place), "t.yaml:3:1");
}

std::string merge(const std::string& base, const std::string& refinement) {
  Mistakes mistakes;
  const Node result = merged(parsed(base), parsed(refinement), mistakes);
  return mistakes.empty() ? flow(result) : text(mistakes);
}

TEST(Merging, MappingsMergeByKey) {
  EXPECT_EQ(merge("{a: 1, b: {c: 2, d: 3}}", "{b: {d: 4, e: 5}}"), "{a: 1, b: {c: 2, d: 4, e: 5}}");
}

TEST(Merging, NamedListsMergeByName) {
  EXPECT_EQ(merge("[{name: x, n: 1}, {name: y, n: 2}]", "[{name: y, n: 3}, {name: z}]"),
            "[{name: x, n: 1}, {name: y, n: 3}, {name: z}]");
}

TEST(Merging, OtherListsAreReplaced) { EXPECT_EQ(merge("{a: [1, 2, 3]}", "{a: [4]}"), "{a: [4]}"); }

TEST(Merging, AMappingReachesElementsByNameAndIndex) {
  EXPECT_EQ(merge("[{name: x, n: 1}, {name: y, n: 2}]", "{y: {n: 3}, 0: {n: 4}}"),
            "[{name: x, n: 4}, {name: y, n: 3}]");
}

TEST(Merging, AFigureIsReplacedWithItsGradeAndSource) {
  EXPECT_EQ(merge("{a: {value: 1 s, grade: published, source: s}}", "{a: {value: 2 s}}"),
            "{a: {value: 2 s}}");
  EXPECT_EQ(merge("{a: {value: 1 s, grade: published, source: s}}", "{a: 2 s}"), "{a: 2 s}");
}

TEST(Merging, AnotherKindStartsAnew) {
  EXPECT_EQ(merge("{a: {kind: clos, planes: 2}}", "{a: {kind: torus, n: 1}}"), "{a: {kind: torus, n: 1}}");
  EXPECT_EQ(merge("{a: {kind: clos, planes: 2}}", "{a: {kind: clos, n: 1}}"),
            "{a: {kind: clos, planes: 2, n: 1}}");
}

TEST(Merging, AMappingRefinesTheEntryThatAWordNames) {
  EXPECT_EQ(merge("{chip: h100}", "{chip: {memory: 96 GB}}"), "{chip: {base: h100, memory: 96 GB}}");
  EXPECT_EQ(merge("{chip: h100}", "{chip: {base: h200}}"), "{chip: {base: h200}}");
}

std::string set(const std::string& base, const std::vector<std::string>& settings) {
  Mistakes mistakes;
  const Node result = with_settings(parsed(base), settings, mistakes);
  return mistakes.empty() ? flow(result) : text(mistakes);
}

TEST(Settings, ReachIntoMappingsAndLists) {
  const std::string base = "{w: {m: 1}, nets: [{name: UBoE, bw: 1 GB/s}], system: pod}";
  EXPECT_EQ(set(base, {"w.m=2", "nets.UBoE.bw=200 GB/s"}),
            "{w: {m: 2}, nets: [{name: UBoE, bw: 200 GB/s}], system: pod}");
  EXPECT_EQ(set(base, {"nets.0.bw=2"}), "{w: {m: 1}, nets: [{name: UBoE, bw: 2}], system: pod}");
  EXPECT_EQ(set(base, {"system.chip.memory=96 GB"}),
            "{w: {m: 1}, nets: [{name: UBoE, bw: 1 GB/s}], system: {base: pod, chip: {memory: 96 GB}}}");
}

TEST(Settings, TakeYamlAndTheLastOneWins) {
  EXPECT_EQ(set("{a: 1}", {"a=[1, 2]", "b={c: d}", "b.c=e"}), "{a: [1, 2], b: {c: e}}");
}

TEST(Settings, PlaceTheirMistakesByNumberAndColumn) {
  EXPECT_EQ(set("{n: [{name: x}]}", {"a=1", "n.y.z=2"}),
            "--set:2:3: error: the list has no element 'y'\n"
            "  2 | n.y.z=2\n"
            "    |   ^\n"
            "    = help: elements: x\n");
  Mistakes none;
  EXPECT_EQ(text(with_settings(parsed("{}"), std::vector<std::string>{"a=1", "b.c= 2"}, none)
                     .find("b")
                     ->find("c")
                     ->place),
            "--set:2:6");
}

TEST(Settings, ThatSetNothingAreMistakes) {
  for (const char* wrong :
       {"a", "", "=1", "a=", "a= ", ".a=1", "a.=1", "a..b=1", "a=1\nb=2", "a=\xff", "a=[1", "a=&x 1"})
    EXPECT_NE(set("{a: 1}", {wrong}).find("--set:1:"), std::string::npos) << wrong;
  std::string deep = "a";
  for (int i = 0; i < 10'000; ++i) deep += ".a";
  EXPECT_NE(set("{}", {deep + "=1"}).find("sets nothing"), std::string::npos);
}

}  // namespace
}  // namespace superpod::scenarios
