#include "sim/values/quantity_text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <variant>

namespace superpod {
namespace {

template <class Q>
double value(std::string_view words) {
  const auto result = parse<Q>(words);
  const Q* quantity = std::get_if<Q>(&result);
  return quantity ? quantity->in(Q{1}) : std::nan("");
}

template <class Q>
TextError error(std::string_view words) {
  const auto result = parse<Q>(words);
  const TextError* error = std::get_if<TextError>(&result);
  return error ? *error : TextError{0, 0, "none", "none"};
}

TEST(QuantityText, BitsAreNotBytes) {
  EXPECT_EQ(value<BytesPerSecond>("400 Gb/s"), value<BytesPerSecond>("50 GB/s"));
  EXPECT_EQ(value<Bytes>("8 b"), 1);
}

TEST(QuantityText, BinaryPrefixesArePowersOfTwo) {
  EXPECT_EQ(value<Bytes>("1 GB"), 1e9);
  EXPECT_EQ(value<Bytes>("1.5 GiB"), 1.5 * 1073741824.0);
  EXPECT_EQ(value<Bytes>("1 KiB"), 1024);
  EXPECT_EQ(value<Bytes>("8 Kib"), 1024);
}

TEST(QuantityText, MeansTheSameAsTheUnitConstants) {
  EXPECT_EQ(value<Seconds>("2.1 us"), (2.1 * unit::us).in(unit::s));
  EXPECT_EQ(value<Hertz>("1.65 GHz"), (1.65 * unit::GHz).in(unit::Hz));
  EXPECT_EQ(value<FlopsPerSecond>("865 TFLOP/s"), 865e12);
  EXPECT_EQ(value<FlopsPerSecond>("2 TOP/s"), 2e12);
  EXPECT_EQ(value<Watts>("700 W"), 700);
  EXPECT_EQ(value<Joules>("3 kJ"), 3000);
  EXPECT_EQ(value<Seconds>("2 h"), 7200);
}

TEST(QuantityText, SpaceBetweenNumberAndUnitMayBeMissing) { EXPECT_EQ(value<Bytes>("  144GB "), 144e9); }

TEST(QuantityText, ANumberWithoutUnitIsRefused) {
  EXPECT_EQ(error<Seconds>("500").message, "'500' is not a time: it has no unit");
  EXPECT_EQ(error<Seconds>("500").help, "units here: s, ms, us, ns");
  EXPECT_EQ(error<Bytes>("0").message, "'0' is not a size: it has no unit");
}

TEST(QuantityText, AnUnknownUnitIsMarkedAndTheClosestIsProposed) {
  const TextError wrong = error<BytesPerSecond>("400 GBs");
  EXPECT_EQ(wrong.message, "'GBs' is not a unit of a bandwidth");
  EXPECT_EQ(wrong.help, "did you mean 'GB/s'? units here: GB/s, TB/s, Gb/s");
  EXPECT_EQ(wrong.offset, 4U);
  EXPECT_EQ(wrong.length, 3U);
}

TEST(QuantityText, ADimensionIsNotAnother) {
  EXPECT_EQ(error<BytesPerSecond>("4 TB").message, "'TB' is not a unit of a bandwidth");
  EXPECT_EQ(error<Bytes>("4 TB/s").message, "'TB/s' is not a unit of a size");
  EXPECT_EQ(error<Seconds>("4 m").message, "'m' is not a unit of a time");
}

TEST(QuantityText, WhatIsNotFiniteIsRefused) {
  for (const char* words : {"nan s", "inf s", "-inf s", "NaN s", "infinity s"})
    EXPECT_NE(error<Seconds>(words).message.find("not a finite number"), std::string::npos) << words;
  EXPECT_NE(error<Seconds>("1e999 s").message.find("out of range"), std::string::npos);
  EXPECT_NE(error<Seconds>("1e308 d").message.find("out of range"), std::string::npos);
}

TEST(QuantityText, WordsAreNotQuantities) {
  for (const char* words : {"", "   ", "fast", "GB", "--1 s", "+1 s", "0x10 s z", "1 s s", "1,5 s", "s 1"})
    EXPECT_NE(error<Seconds>(words).message, "none") << words;
}

TEST(QuantityText, IsPrintedWithTheFittingPrefix) {
  EXPECT_EQ(text(1.234 * unit::s), "1.234 s");
  EXPECT_EQ(text(56 * unit::GB / unit::s), "56 GB/s");
  EXPECT_EQ(text(13.4 * unit::us), "13.4 us");
  EXPECT_EQ(text(62 * unit::s), "62 s");
  EXPECT_EQ(text(7200 * unit::s), "2 h");
  EXPECT_EQ(text(-2 * unit::ms), "-2 ms");
  EXPECT_EQ(text(0 * unit::s), "0 s");
  EXPECT_EQ(text(0 * unit::GB), "0 B");
  EXPECT_EQ(text(0.25 * unit::ns), "0.25 ns");
  EXPECT_EQ(text(Flops{3.3e24}), "3.3 YFLOP");
}

TEST(QuantityText, RoundsBeforeItChoosesThePrefix) {
  EXPECT_EQ(text(999.96 * unit::GB), "1 TB");
  EXPECT_EQ(text(999.94 * unit::GB), "999.9 GB");
}

template <class Q>
void returns_within_the_digits_printed() {
  constexpr double half_a_digit = 0.5e-3;  // four significant digits: at most half a unit of the fourth
  for (double x = 1.0001e-12; x < 1e27; x *= 7.3) {
    const double back = value<Q>(text(Q{x}));
    EXPECT_NEAR(back, x, half_a_digit * x) << text(Q{x});
    EXPECT_EQ(text(Q{back}), text(Q{x}));
  }
}

TEST(QuantityText, WhatIsPrintedIsUnderstood) {
  returns_within_the_digits_printed<Seconds>();
  returns_within_the_digits_printed<Hertz>();
  returns_within_the_digits_printed<Bytes>();
  returns_within_the_digits_printed<Flops>();
  returns_within_the_digits_printed<Joules>();
  returns_within_the_digits_printed<BytesPerSecond>();
  returns_within_the_digits_printed<FlopsPerSecond>();
  returns_within_the_digits_printed<Watts>();
}

TEST(QuantityText, PowerAndEnergyOfBuildingsHaveTheirUnits) {
  EXPECT_EQ(value<Watts>("1.2 MW"), 1.2e6);
  EXPECT_EQ(value<Joules>("2 kWh"), 7.2e6);
  EXPECT_EQ(value<Joules>("3 GWh"), 3 * 3.6e12);
  EXPECT_EQ(value<SquareMetres>("1000 m2"), 1000);
  EXPECT_DOUBLE_EQ(value<SquareMetres>("800 mm2"), 800e-6);
  EXPECT_EQ(text(1000 * unit::m2), "1000 m2");
}

TEST(QuantityText, AYearHas365Days) {
  EXPECT_EQ(value<Seconds>("1 y"), value<Seconds>("365 d"));
  EXPECT_DOUBLE_EQ(value<Hertz>("365 1/y"), value<Hertz>("1 1/d"));
  EXPECT_DOUBLE_EQ(value<Hertz>("12 1/y"), value<Hertz>("1 1/month"));
  EXPECT_DOUBLE_EQ(value<Hertz>("5 %/y"), 0.05 / 31536e3);
  EXPECT_EQ(text(365 * 86400 * unit::s), "365 d");
}

TEST(QuantityText, MoneyIsOfACurrency) {
  EXPECT_EQ(value<Money>("25 kUSD"), 25e3);
  EXPECT_EQ(value<Money>("25 kCNY"), 25e3);
  EXPECT_DOUBLE_EQ(value<MoneyPerJoule>("0.36 EUR/kWh"), 1e-7);
  EXPECT_DOUBLE_EQ(value<Rent>("31536 USD/m2/y"), 1e-3);
  EXPECT_EQ(currency_in("25 kUSD"), "USD");
  EXPECT_EQ(currency_in("0.5 CNY/kWh"), "CNY");
  EXPECT_EQ(currency_in("12 kW"), "");
  EXPECT_EQ(text(Money{25e3}), "25 k¤");
  EXPECT_EQ(error<Money>("25").message, "'25' is not an amount of money: it has no unit");
  EXPECT_EQ(error<Money>("25 kUDS").help, "did you mean 'kUSD'? units here: USD, EUR, CNY, kUSD, MUSD");
}

static_assert(std::same_as<decltype(MoneyPerJoule{} * Watts{} * Seconds{}), Money>);
static_assert(std::same_as<decltype(Rent{} * SquareMetres{} * Seconds{}), Money>);
static_assert(std::same_as<decltype(Money{} / Money{}), double>);

TEST(QuantityText, EveryUnitIsWorthItsFactor) {
  for (const UnitText& unit : dimension<BytesPerSecond>().units)
    EXPECT_EQ(value<BytesPerSecond>("3 " + unit.symbol), 3 * unit.factor) << unit.symbol;
}

TEST(QuantityText, CountsStandWithoutPrefixUntilTheyAreLong) {
  EXPECT_EQ(si(8192), "8192");
  EXPECT_EQ(si(524288), "524.3 k");
  EXPECT_EQ(si(1234567, "token/s"), "1.235 Mtoken/s");
  EXPECT_EQ(si(0.5, "1/s"), "0.5 1/s");
  EXPECT_EQ(si(0), "0");
}

TEST(QuantityText, SharesAreReadToATenthOfAPercent) {
  EXPECT_EQ(percent_text(0.0469), "4.7 %");
  EXPECT_EQ(percent_text(-0.0035), "-0.4 %");  // halves go away from zero
  EXPECT_EQ(percent_text(0.0625), "6.3 %");
}

TEST(QuantityText, LongCountsHaveCommas) {
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(16773120), "16,773,120");
  EXPECT_EQ(grouped(-1234.5), "-1,235");
  EXPECT_EQ(grouped(std::string{"-1234567.25"}), "-1,234,567.25");
}

}  // namespace
}  // namespace superpod
