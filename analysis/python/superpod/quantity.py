"""Numbers with units, as people write and read them. G is 10^9, Gi is 2^30, b is a bit, B a byte."""

from __future__ import annotations

import math
import re

_PREFIXES = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60}
_STEPS = [(1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")]
_SMALL = [(1e-3, "m"), (1e-6, "u"), (1e-9, "n")]
_UNITS = {"s", "B", "b", "FLOP", "W", "J", "Hz", "m", "m2"}


def parse(text: str) -> tuple[float, str]:
    """The number in base units, and the unit, of a text such as the values of a result's provenance.

    >>> parse("400 Gb/s")
    (50000000000.0, 'B/s')
    >>> parse("2.5 us"), parse("8192"), parse("1000 m2")
    ((2.5e-06, 's'), (8192.0, ''), (1000.0, 'm2'))

    Raises ValueError when the text is none: words, a list, an unknown unit.
    """
    match = re.fullmatch(r"\s*([-+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(\S*)\s*", text)
    if not match:
        raise ValueError(f"'{text}' is no quantity")
    number = float(match[1].replace(",", ""))
    of, slash, per = match[2].partition("/")
    if not match[2]:
        return number, ""
    for prefix, factor in [("", 1.0), *_PREFIXES.items(), *_BINARY.items()]:
        unit = of.removeprefix(prefix)
        if of.startswith(prefix) and unit in _UNITS:
            bits = 1 / 8 if unit == "b" else 1.0
            return number * factor * bits, ("B" if unit == "b" else unit) + slash + per
    raise ValueError(f"'{text}' has no unit that is known here")


def scale(value: float, unit: str) -> tuple[float, str]:
    """The factor by which to divide, and the unit with its prefix, that make `value` easy to read.

    >>> scale(0.0047, "s"), scale(1.395e7, "1/s")
    ((0.001, 'ms'), (1000000.0, 'M/s'))
    """
    size = abs(value)
    if size == 0 or not math.isfinite(size) or unit == "":
        return 1.0, unit
    if unit == "s" and size >= 1:
        return next((step, name) for step, name in [(86400.0, "d"), (3600.0, "h"), (1.0, "s")] if size >= 2 * step or step == 1)
    steps = _STEPS if unit.startswith(("B", "1/")) else [*_STEPS, *_SMALL]
    factor, prefix = next(((f, p) for f, p in steps if size >= f), steps[-1])
    return factor, prefix + (unit[1:] if unit.startswith("1/") else unit)


def text(value: float, unit: str = "", digits: int = 4) -> str:
    """The number with as many significant digits, and its unit.

    >>> text(4.5104, "s"), text(13948676.3, "1/s"), text(8192), text(7.6e10, "B", 3)
    ('4.51 s', '13.95 M/s', '8192', '76 GB')
    """
    factor, name = scale(value, unit)
    number = f"{value / factor:.{digits}g}" if not float(value).is_integer() or abs(value) >= 1e15 or unit else f"{value:.0f}"
    return f"{number} {name}".rstrip()
