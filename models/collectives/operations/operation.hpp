/// What ranks do together: an operation is a file of this folder, and a word in list.cpp.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "models/collectives/algorithms/algorithm.hpp"
#include "sim/values/units.hpp"
#include "topology/folding/grid.hpp"

namespace superpod::models {

struct OperationKind;

/// Which operation: the word of a scenario, and behind it what it means.
class Operation {
 public:
  constexpr Operation();  ///< an all-reduce
  constexpr explicit Operation(const OperationKind& kind) : kind_{&kind} {}
  [[nodiscard]] const OperationKind& kind() const { return *kind_; }
  [[nodiscard]] std::string_view word() const;
  friend bool operator==(const Operation&, const Operation&) = default;

  static const Operation all_reduce, reduce_scatter, all_gather, all_to_all, broadcast, send_receive,
      permutation;

 private:
  const OperationKind* kind_;
};

/// [word, operation] of all that a scenario can name (list.cpp).
std::vector<std::pair<std::string_view, Operation>> words(Operation);

/// One operation as it is asked for.
struct Asked {
  Bytes size;
  topology::Values root{}, destination{};  ///< digits of the ranks at its ends
  topology::Values by{};                   ///< how much further, digit by digit
  std::vector<double> load;                ///< as Collective::all_to_all takes it
};

/// What an operation is.
struct OperationKind {
  std::string_view word;
  std::string_view phrase;  ///< in a sentence: `an all-reduce`

  /// The keys of a scenario that mean something to it.
  struct Keys {
    bool algorithm = false;  ///< with `algorithm_of` and `chunks`
    bool root = false, destination = false, by = false, loads = false;
  } keys;

  Algorithm automatic = Algorithm::hierarchical;   ///< what `automatic` stands for on levels
  Algorithm automatic_on_graph = Algorithm::ring;  ///< and on a graph, which has none

  /// What each rank must send at least for each byte of the size: bus bandwidth over algorithm bandwidth.
  double (*bytes_to_send)(double ranks) = nullptr;

  /// How often its data go from all ranks to all others; 0: each rank has one message at most.
  int passes = 0;

  /// The symmetry that it leaves along a digit on which it follows `recipe` and which `by` moves.
  topology::Digit::Group (*keeps)(const Recipe& recipe, int by) = nullptr;

  Front (*append)(const Collective& of, const Asked& asked, const Front& begin) = nullptr;
};

namespace operations {
extern const OperationKind all_reduce, reduce_scatter, all_gather, all_to_all, broadcast, send_receive,
    permutation;

/// What most have in common.
double once_to_others(double ranks);  ///< (p - 1) / p
double whole(double ranks);           ///< 1
topology::Digit::Group as_the_algorithm(const Recipe& recipe, int by);
}  // namespace operations

constexpr Operation::Operation() : kind_{&operations::all_reduce} {}
inline constexpr Operation Operation::all_reduce{operations::all_reduce},
    Operation::reduce_scatter{operations::reduce_scatter}, Operation::all_gather{operations::all_gather},
    Operation::all_to_all{operations::all_to_all}, Operation::broadcast{operations::broadcast},
    Operation::send_receive{operations::send_receive}, Operation::permutation{operations::permutation};

/// What `automatic` stands for where there are levels.
Algorithm resolved(Algorithm algorithm, Operation operation);

}  // namespace superpod::models
