/// Physical quantities whose dimension is part of their type.
///
/// A Quantity stores one double in base units (s, B, FLOP, J, m2, money); arithmetic derives the dimension,
/// so `Bytes / BytesPerSecond` is a `Seconds` and `Bytes + Seconds` does not compile. Money is of one
/// currency, which whoever holds it knows.
#pragma once

#include <compare>

namespace superpod {

template <int Time, int Data, int Work, int Energy, int Area = 0, int Money = 0>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(double base_units) : value_{base_units} {}

  /// The number of `unit`s in this quantity: the only way out. `latency.in(us)`.
  [[nodiscard]] constexpr double in(Quantity unit) const { return value_ / unit.value_; }

  constexpr auto operator<=>(const Quantity&) const = default;

  constexpr Quantity& operator+=(Quantity other) { return *this = *this + other; }
  constexpr Quantity& operator-=(Quantity other) { return *this = *this - other; }
  constexpr Quantity& operator*=(double k) { return *this = k * *this; }

  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity{a.value_ + b.value_}; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity{a.value_ - b.value_}; }
  friend constexpr Quantity operator*(double k, Quantity q) { return Quantity{k * q.value_}; }
  friend constexpr Quantity operator*(Quantity q, double k) { return Quantity{k * q.value_}; }
  friend constexpr Quantity operator/(Quantity q, double k) { return Quantity{q.value_ / k}; }

  template <int T, int D, int W, int E, int A, int M>
  friend class Quantity;

  template <int T, int D, int W, int E, int A, int M>
  constexpr auto operator/(Quantity<T, D, W, E, A, M> divisor) const {
    if constexpr (T == Time && D == Data && W == Work && E == Energy && A == Area && M == Money)
      return value_ / divisor.value_;  // a ratio of like quantities is a number
    else
      return Quantity<Time - T, Data - D, Work - W, Energy - E, Area - A, Money - M>{value_ / divisor.value_};
  }

  template <int T, int D, int W, int E, int A, int M>
  constexpr auto operator*(Quantity<T, D, W, E, A, M> factor) const {
    return Quantity<Time + T, Data + D, Work + W, Energy + E, Area + A, Money + M>{value_ * factor.value_};
  }

 private:
  double value_ = 0;
};

using Seconds = Quantity<1, 0, 0, 0>;
using Hertz = Quantity<-1, 0, 0, 0>;
using Bytes = Quantity<0, 1, 0, 0>;
using Flops = Quantity<0, 0, 1, 0>;  ///< Floating-point operations: a count, never a rate.
using Joules = Quantity<0, 0, 0, 1>;
using BytesPerSecond = Quantity<-1, 1, 0, 0>;
using FlopsPerSecond = Quantity<-1, 0, 1, 0>;
using Watts = Quantity<-1, 0, 0, 1>;
using SquareMetres = Quantity<0, 0, 0, 0, 1>;
using Money = Quantity<0, 0, 0, 0, 0, 1>;
using MoneyPerJoule = Quantity<0, 0, 0, -1, 0, 1>;
using Rent = Quantity<-1, 0, 0, 0, -1, 1>;  ///< money for an area and a time

namespace unit {
inline constexpr Seconds s{1}, ms{1e-3}, us{1e-6}, ns{1e-9};
inline constexpr Hertz Hz{1}, GHz{1e9};
inline constexpr Bytes B{1}, kB{1e3}, MB{1e6}, GB{1e9}, TB{1e12}, KiB{1 << 10}, MiB{1 << 20}, GiB{1 << 30};
inline constexpr Bytes Gbit{1e9 / 8};  ///< Line rates are quoted in bits: 400 * Gbit / s == 50 * GB / s.
inline constexpr Flops FLOP{1}, GFLOP{1e9}, TFLOP{1e12};
inline constexpr Joules J{1}, kWh{3.6e6};
inline constexpr Watts W{1}, kW{1e3}, MW{1e6};
inline constexpr SquareMetres m2{1};
inline constexpr Money money{1};         ///< of whichever currency
inline constexpr Seconds year{31536e3};  ///< 365 days, in prices, rents and yearly outputs
}  // namespace unit

}  // namespace superpod
