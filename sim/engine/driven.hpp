#pragma once

namespace superpod {

/// What happens in a run, to the clock that drives it.
class Driven {
 public:
  virtual ~Driven() = default;
  /// s, from now until something happens next; infinite when nothing will.
  virtual double wait() = 0;
  /// So many seconds have passed, as `wait` said: what is due happens.
  virtual void pass(double seconds) = 0;
};

}  // namespace superpod
