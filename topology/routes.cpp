#include "topology/routes.hpp"

namespace superpod::topology {

Routes::Routes(const Wiring& wiring, std::span<const Degraded> degraded) : wiring_{wiring} {
  for (const auto& [link, share] : degraded) share_of_[link] = share;
}

Path Routes::path(const Address& from, const Address& to) const {
  const auto links = wiring_.route(from, to);
  Path path{{}, wiring_.latency(links)};
  for (const LinkKey& link : links) path.hops.push_back({link, 1});
  return path;
}

}  // namespace superpod::topology
