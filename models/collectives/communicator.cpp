#include "models/collectives/communicator.hpp"

#include <limits>
#include <stdexcept>

namespace superpod::models {
namespace {

/// The moves of one exchange, and what each rank has to wait for.
class Exchange {
 public:
  Exchange(const Writer& to, const Communicator& group, const Front& begin)
      : to_{to}, group_{group}, begin_{begin}, ends_(group.ranks().size()) {}

  void send(std::size_t sender, RouteId route, const Amount& amount) {
    const RankId peer = group_.folding().receiver(route);
    const std::size_t receiver = group_.position(peer);
    if (receiver >= ends_.size()) throw std::logic_error{"communicator: a peer is missing from its ranks"};
    const Bytes bytes = amount.between(group_.ranks()[sender], peer);
    if (amount.is_no_message(bytes)) return;
    const TaskId move = to_.graph.move(route, bytes, to_.label, to_.microbatch);
    if (begin_[sender] != at_once) to_.graph.depend(move, begin_[sender]);
    ends_[sender].push_back(move);
    if (receiver != sender) ends_[receiver].push_back(move);
  }

  Front end() {
    Front front = begin_;
    for (std::size_t rank = 0; rank < ends_.size(); ++rank) {
      if (ends_[rank].empty()) continue;
      front[rank] = ends_[rank].front();
      if (ends_[rank].size() == 1) continue;
      front[rank] = to_.graph.join();
      to_.graph.depend(front[rank], ends_[rank]);
    }
    return front;
  }

 private:
  const Writer& to_;
  const Communicator& group_;
  const Front& begin_;
  std::vector<std::vector<TaskId>> ends_;
};

}  // namespace

Communicator::Communicator(topology::Folding& folding, std::vector<RankId> ranks, std::vector<int> digits)
    : folding_{&folding}, ranks_{std::move(ranks)}, digits_{std::move(digits)} {
  positions_.assign(static_cast<std::size_t>(folding.classes()), std::numeric_limits<std::size_t>::max());
  for (std::size_t i = 0; i < ranks_.size(); ++i) positions_[static_cast<std::size_t>(ranks_[i])] = i;
}

int Communicator::size_of(int digit) const { return folding_->grid()[static_cast<std::size_t>(digit)].size; }

int Communicator::size() const {
  int product = 1;
  for (const int digit : digits_) product *= size_of(digit);
  return product;
}

Front exchange_with_all(const Writer& to, const Communicator& group, const Amount& bytes,
                        const Front& begin) {
  Exchange exchange{to, group, begin};
  for (std::size_t rank = 0; rank < group.ranks().size(); ++rank)
    for (const RouteId route : group.folding().routes_to_all(group.ranks()[rank], group.digits()))
      exchange.send(rank, route, bytes);
  return exchange.end();
}

Front exchange_with_one(const Writer& to, const Communicator& group, const Amount& bytes, const Front& begin,
                        const std::function<topology::Values(topology::Values)>& peer) {
  Exchange exchange{to, group, begin};
  for (std::size_t rank = 0; rank < group.ranks().size(); ++rank) {
    const topology::Values to_whom = peer(group.folding().representative(group.ranks()[rank]));
    exchange.send(rank, group.folding().route(group.ranks()[rank], to_whom), bytes);
  }
  return exchange.end();
}

Front shift(const Writer& to, const Communicator& group, int digit, int by, const Amount& bytes,
            const Front& begin) {
  return exchange_with_one(to, group, bytes, begin, [&](topology::Values values) {
    int& value = values[static_cast<std::size_t>(digit)];
    value = (value + by) % group.size_of(digit);
    return values;
  });
}

Front swap(const Writer& to, const Communicator& group, int digit, int mask, const Amount& bytes,
           const Front& begin) {
  return exchange_with_one(to, group, bytes, begin, [&](topology::Values values) {
    values[static_cast<std::size_t>(digit)] ^= mask;
    return values;
  });
}

}  // namespace superpod::models
