#include "models/collectives/group/group.hpp"

#include <limits>
#include <stdexcept>

namespace superpod::models {
namespace {

/// The moves of one exchange, and what each rank has to wait for.
class Moves {
 public:
  explicit Moves(const Exchange& of) : of_{of}, ends_(of.group.ranks().size()) {}

  void send(std::size_t sender, RouteId route, const Amount& amount) {
    const RankId peer = of_.group.classes().receiver(route);
    const std::size_t receiver = of_.group.position(peer);
    if (receiver >= ends_.size()) throw std::logic_error{"group: a peer is missing from its ranks"};
    const Bytes bytes = amount.between(of_.group.ranks()[sender], peer);
    if (amount.is_no_message(bytes)) return;
    const TaskId move = of_.to.graph.move(route, bytes, of_.to.label, of_.to.microbatch);
    if (of_.begin[sender] != at_once) of_.to.graph.depend(move, of_.begin[sender]);
    ends_[sender].push_back(move);
    if (receiver != sender) ends_[receiver].push_back(move);
  }

  [[nodiscard]] Front end() const {
    Front front = of_.begin;
    for (std::size_t rank = 0; rank < ends_.size(); ++rank) {
      if (ends_[rank].empty()) continue;
      front[rank] = ends_[rank].front();
      if (ends_[rank].size() == 1) continue;
      front[rank] = of_.to.graph.join();
      of_.to.graph.depend(front[rank], ends_[rank]);
    }
    return front;
  }

 private:
  const Exchange& of_;
  std::vector<std::vector<TaskId>> ends_;
};

}  // namespace

Group::Group(topology::RankClasses& classes, std::vector<RankId> ranks, std::vector<int> digits)
    : classes_{&classes}, ranks_{std::move(ranks)}, digits_{std::move(digits)} {
  positions_.assign(static_cast<std::size_t>(classes.classes()), std::numeric_limits<std::size_t>::max());
  for (std::size_t i = 0; i < ranks_.size(); ++i) positions_[static_cast<std::size_t>(ranks_[i])] = i;
}

int Group::size_of(int digit) const { return classes_->grid()[static_cast<std::size_t>(digit)].size; }

int Group::size() const {
  int product = 1;
  for (const int digit : digits_) product *= size_of(digit);
  return product;
}

Front Exchange::with_all(const Amount& bytes) const {
  Moves moves{*this};
  for (std::size_t rank = 0; rank < group.ranks().size(); ++rank)
    for (const RouteId route : group.classes().routes_to_all(group.ranks()[rank], group.digits()))
      moves.send(rank, route, bytes);
  return moves.end();
}

Front Exchange::with_one(const Amount& bytes,
                         const std::function<topology::Values(topology::Values)>& peer) const {
  Moves moves{*this};
  for (std::size_t rank = 0; rank < group.ranks().size(); ++rank) {
    const topology::Values to_whom = peer(group.classes().representative(group.ranks()[rank]));
    moves.send(rank, group.classes().route(group.ranks()[rank], to_whom), bytes);
  }
  return moves.end();
}

Front Exchange::shift(int digit, int by, const Amount& bytes) const {
  return with_one(bytes, [&](topology::Values values) {
    int& value = values[static_cast<std::size_t>(digit)];
    value = (value + by) % group.size_of(digit);
    return values;
  });
}

Front Exchange::swap(int digit, int mask, const Amount& bytes) const {
  return with_one(bytes, [&](topology::Values values) {
    values[static_cast<std::size_t>(digit)] ^= mask;
    return values;
  });
}

Front Exchange::send(Bytes bytes, const std::function<std::vector<RouteId>(RankId)>& routes_of) const {
  Moves moves{*this};
  for (std::size_t rank = 0; rank < group.ranks().size(); ++rank)
    for (const RouteId route : routes_of(group.ranks()[rank])) moves.send(rank, route, bytes);
  return moves.end();
}

}  // namespace superpod::models
