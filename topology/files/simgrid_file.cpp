#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>

#include "topology/fabric/fabric.hpp"
#include "topology/files/drawn_graph.hpp"
#include "topology/files/graph_file.hpp"

namespace superpod::topology {
namespace {

using Tree = boost::property_tree::ptree;

std::string attribute(const Tree& element, const std::string& tag, const std::string& name) {
  const auto value = element.get_optional<std::string>("<xmlattr>." + name);
  if (!value) throw std::invalid_argument{"a <" + tag + "> has no attribute '" + name + "'"};
  return *value;
}

/// SimGrid writes `1.25GBps` and `10Gbps`.
BytesPerSecond bandwidth_of(std::string words) {
  if (words.ends_with("ps") && words.size() > 2) words.replace(words.size() - 2, 2, "/s");
  return bandwidth_in(words);
}

class Platform {
 public:
  explicit Platform(const Tree& zone) {
    for (const auto& [tag, element] : zone) {
      if (tag == "host" || tag == "router")
        add_node(attribute(element, tag, "id"), tag == "host");
      else if (tag == "link")
        add_link(element);
      else if (tag != "route" && tag != "prop" && !tag.starts_with('<'))
        throw std::invalid_argument{"it has a <" + tag +
                                    ">: only hosts, routers, links and routes of one zone are read"};
    }
    for (const auto& [tag, element] : zone)
      if (tag == "route") add_route(element);
  }

  Cabling cabling() { return std::move(cabling_); }

 private:
  struct Link {
    int up = absent, down = absent;  // absent: FATPIPE
    BytesPerSecond bandwidth;
    Seconds latency;
  };

  void add_node(const std::string& name, bool npu) {
    if (!nodes_.try_emplace(name, static_cast<int>(cabling_.nodes.size())).second)
      throw std::invalid_argument{"'" + name + "' is there twice"};
    cabling_.nodes.push_back({name, npu});
  }

  int add(BytesPerSecond bandwidth, Seconds latency) {
    cabling_.links.push_back({absent, absent, bandwidth, latency});
    return static_cast<int>(cabling_.links.size()) - 1;
  }

  void add_link(const Tree& element) {
    const std::string name = attribute(element, "link", "id");
    try {
      Link link{absent, absent, bandwidth_of(attribute(element, "link", "bandwidth")),
                latency_in(element.get("<xmlattr>.latency", "0"))};
      const std::string policy = element.get("<xmlattr>.sharing_policy", "SHARED");
      if (policy != "SHARED" && policy != "SPLITDUPLEX" && policy != "FATPIPE")
        throw std::invalid_argument{"'" + policy + "' is no sharing policy: SHARED, SPLITDUPLEX or FATPIPE"};
      if (policy != "FATPIPE") link.up = link.down = add(link.bandwidth, link.latency);
      if (policy == "SPLITDUPLEX") link.down = add(link.bandwidth, link.latency);
      if (!links_.try_emplace(name, link).second) throw std::invalid_argument{"it is there twice"};
    } catch (const std::invalid_argument& wrong) {
      throw std::invalid_argument{"link '" + name + "': " + wrong.what()};
    }
  }

  int node(const std::string& name) const {
    const auto found = nodes_.find(name);
    if (found == nodes_.end()) throw std::invalid_argument{"there is no host or router '" + name + "'"};
    return found->second;
  }

  /// A link that nobody shares matters where it is the narrowest: the route gets one of its own.
  void set(int from, int to, const Tree& element, bool back) {
    Cabling::Route route;
    double narrowest = std::numeric_limits<double>::infinity(), own = narrowest;
    for (const auto& [tag, part] : element) {
      if (tag != "link_ctn") continue;
      const std::string name = attribute(part, tag, "id");
      const auto found = links_.find(name);
      if (found == links_.end()) throw std::invalid_argument{"there is no link '" + name + "'"};
      const Link& link = found->second;
      const bool down = (part.get("<xmlattr>.direction", "UP") == "DOWN") != back;
      route.latency += link.latency;
      (link.up == absent ? own : narrowest) =
          std::min(link.up == absent ? own : narrowest, link.bandwidth.in(BytesPerSecond{1}));
      if (link.up != absent) route.links.push_back(down ? link.down : link.up);
    }
    if (route.links.empty() && own > 1e300) throw std::invalid_argument{"it has no <link_ctn>"};
    if (own < narrowest) route.links.push_back(add(BytesPerSecond{own}, Seconds{}));
    if (!cabling_.routes.try_emplace({from, to}, std::move(route)).second)
      throw std::invalid_argument{"it is there twice; symmetrical=\"NO\" makes a route one of one direction"};
  }

  void add_route(const Tree& element) {
    const std::string from = attribute(element, "route", "src"), to = attribute(element, "route", "dst");
    try {
      set(node(from), node(to), element, false);
      const std::string symmetrical = element.get("<xmlattr>.symmetrical", "YES");
      if ((symmetrical == "YES" || symmetrical == "yes") && from != to)
        set(node(to), node(from), element, true);
    } catch (const std::invalid_argument& wrong) {
      throw std::invalid_argument{"route from '" + from + "' to '" + to + "': " + wrong.what()};
    }
  }

  Cabling cabling_;
  std::map<std::string, int> nodes_;
  std::map<std::string, Link> links_;
};

/// The one zone of the platform.
const Tree& zone_of(const Tree& root) {
  const Tree* found = nullptr;
  for (const auto& [tag, element] : root.get_child("platform"))
    if (tag == "zone" || tag == "AS") {
      if (found) throw std::invalid_argument{"it has more than one zone: only one is read"};
      found = &element;
    }
  if (!found) throw std::invalid_argument{"it has no <zone>"};
  if (const auto routing = attribute(*found, "zone", "routing"); routing != "Full")
    throw std::invalid_argument{"its routing is '" + routing +
                                "': only \"Full\" is read, where each route is listed"};
  return *found;
}

}  // namespace

Cabling read_simgrid_xml(const std::string& file, const std::string& text) {
  Tree root;
  try {
    std::istringstream in{text};
    boost::property_tree::read_xml(in, root, boost::property_tree::xml_parser::no_comments);
    return Platform{zone_of(root)}.cabling();
  } catch (const boost::property_tree::xml_parser_error& wrong) {
    throw GraphFileError{file, static_cast<int>(wrong.line()), wrong.message()};
  } catch (const boost::property_tree::ptree_error& wrong) {
    throw GraphFileError{file, 0, std::string{"this is no SimGrid platform: "} + wrong.what()};
  }
}

}  // namespace superpod::topology
