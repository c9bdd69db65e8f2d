"""Numbers with units, as people write and read them. G is 10^9, Gi is 2^30, b is a bit, B a byte."""

from __future__ import annotations

import math
import re

_POWERS = {"": 0, "n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60}
_UNITS = {"s", "B", "b", "FLOP", "W", "J", "Hz", "m", "m2"}
_LONG_TIMES = [(2 * 86400.0, 86400.0, "d"), (2 * 3600.0, 3600.0, "h"), (1.0, 1.0, "s")]


def parse(text: str) -> tuple[float, str]:
    """The number in base units, and the unit, of a text such as the values of a result's provenance.

    >>> parse("400 Gb/s")
    (50000000000.0, 'B/s')
    >>> parse("2.5 us"), parse("8192"), parse("1000 m2")
    ((2.5e-06, 's'), (8192.0, ''), (1000.0, 'm2'))

    Raises ValueError when the text is none: words, a list, an unknown unit.
    """
    match = re.fullmatch(r"\s*([-+]?(?:\d[\d,]*\.?\d*|\.\d+))(?:[eE]([-+]?\d+))?\s*(\S*)\s*", text)
    if not match:
        raise ValueError(f"'{text}' is no quantity")
    digits, power = match[1].replace(",", ""), int(match[2] or 0)
    if not match[3]:
        return float(f"{digits}e{power}"), ""
    of, slash, per = match[3].partition("/")
    for prefix in (*_POWERS, *_BINARY):
        unit = of.removeprefix(prefix)
        if of.startswith(prefix) and unit in _UNITS:
            number = float(f"{digits}e{power + _POWERS.get(prefix, 0)}") * _BINARY.get(prefix, 1)
            return (number / 8, f"B{slash}{per}") if unit == "b" else (number, f"{unit}{slash}{per}")
    raise ValueError(f"'{text}' has no unit that is known here")


def scale(value: float, unit: str) -> tuple[float, str]:
    """What to divide by, and the unit with its prefix, so that `value` is easy to read.

    >>> scale(0.0047, "s"), scale(1.395e7, "1/s")
    ((0.001, 'ms'), (1000000.0, 'M/s'))
    """
    size = abs(value)
    if size == 0 or not math.isfinite(size) or unit == "":
        return 1.0, unit
    if unit == "s" and size >= 1:
        return next((divisor, name) for least, divisor, name in _LONG_TIMES if size >= least)
    least = 0 if unit.startswith(("B", "1/")) else min(_POWERS.values())
    known = sorted((power, prefix) for prefix, power in _POWERS.items() if power >= least)
    power, prefix = max([one for one in known if size >= 10.0 ** one[0]], default=known[0])
    return float(f"1e{power}"), prefix + unit.removeprefix("1")


def text(value: float, unit: str = "", digits: int = 4) -> str:
    """The number with so many significant digits, and its unit. Counts stay whole.

    >>> text(4.5104, "s"), text(13948676.3, "1/s"), text(8192), text(7.6e10, "B", 3)
    ('4.51 s', '13.95 M/s', '8192', '76 GB')
    """
    if unit == "" and float(value).is_integer() and abs(value) < 1e15:
        return f"{value:.0f}"
    divisor, name = scale(value, unit)
    return f"{value / divisor:.{digits}g} {name}".rstrip()
