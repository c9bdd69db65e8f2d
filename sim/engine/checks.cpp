#include "sim/engine/checks.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "sim/values/index.hpp"

namespace superpod {
namespace {

bool sane(double x) { return std::isfinite(x) && x >= 0; }

void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error{std::string{"engine: "} + what};
}

}  // namespace

void check(const Platform& platform) {
  for (const auto& link : platform.links)
    require(
        sane(link.bandwidth.in(unit::B / unit::s)) && link.bandwidth > BytesPerSecond{} && link.count >= 1,
        "a link needs a finite bandwidth above zero");
  for (const auto& route : platform.routes) {
    require(sane(route.latency.in(unit::s)) && route.flows > 0,
            "a route needs a latency and at least one flow");
    require(!route.hops.empty(), "a route crosses at least one link");
    for (const auto& hop : route.hops)
      require(hop.link >= 0 && index(hop.link) < platform.links.size() && sane(hop.times) && hop.times > 0,
              "a hop names a link, and bytes that cross it");
  }
}

void check(const TaskGraph::Task& task, const Platform& platform) {
  require(sane(task.amount), "a size or duration is negative or not finite");
  const std::size_t targets =
      task.kind == TaskGraph::Kind::move ? platform.routes.size() : platform.devices.size();
  require(task.kind == TaskGraph::Kind::join || (task.target >= 0 && index(task.target) < targets),
          "a task names a device or route that is not there");
}

void check(const TaskGraph& work, const Platform& platform) {
  for (const auto& task : work.tasks()) check(task, platform);
  for (const auto& d : work.dependencies())
    require(d.before >= 0 && d.after >= 0 && index(d.before) < work.tasks().size() &&
                index(d.after) < work.tasks().size(),
            "a dependency names a task that is not there");
}

}  // namespace superpod
