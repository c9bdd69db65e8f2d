"""Pictures in one quiet style: units on every axis, intervals as bars, legible in grey and to the colour-blind.

    from superpod import plot

    plot.use()
    figure, axes = plot.figure()
    plot.intervals(axes, {"one pod": a, "64 pods": b}, "step_time_s", "step time")

Each function draws into the axes that it is given. Needs matplotlib, which nothing else here does.
"""

from __future__ import annotations

from typing import Any, Mapping, Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from . import quantity
from .result import Result

INK, GREY, PALE = "#222222", "#777777", "#d9d9d9"

LINES = [
    ("#0b3c5d", "o", "-"),
    ("#d1772b", "s", "--"),
    ("#6dbdb5", "^", "-."),
    ("#a8325e", "D", ":"),
    ("#8c8c8c", "v", "-"),
]
"""Colour, marker and dash of the first, second, ... line; they differ in lightness too."""

CAUSES = {
    "compute": ("#0b3c5d", ""),
    "tensor collectives": ("#a8325e", "//"),
    "expert all-to-all": ("#d1772b", ""),
    "gradient reduction": ("#f2c078", "\\\\"),
    "weight gathering": ("#6dbdb5", ".."),
    "pipeline transfer": ("#e9a5bd", "xx"),
    "optimizer": ("#8c8c8c", ""),
    "bubble": ("#e6e6e6", ""),
}
"""Fill and hatching of what a step's time is charged to; others are white."""

STYLE: dict[str, Any] = {
    "axes.axisbelow": True, "axes.edgecolor": GREY, "axes.grid": True, "axes.labelcolor": INK, "axes.labelsize": 9,
    "axes.prop_cycle": mpl.cycler(color=[colour for colour, _, _ in LINES], linestyle=[dash for _, _, dash in LINES]),
    "axes.spines.right": False, "axes.spines.top": False, "axes.titlelocation": "left", "axes.titlesize": 10,
    "figure.dpi": 100, "font.size": 9, "grid.color": PALE, "grid.linewidth": 0.6, "hatch.color": "white",
    "hatch.linewidth": 0.6, "legend.fontsize": 8.5, "legend.frameon": False, "lines.linewidth": 1.6,
    "lines.markersize": 4.5, "savefig.bbox": "tight", "text.color": INK, "xtick.color": GREY, "xtick.labelcolor": INK,
    "ytick.color": GREY, "ytick.labelcolor": INK,
}  # fmt: skip


def use() -> None:
    """Takes the style for all figures to come."""
    mpl.rcParams.update(STYLE)


def figure(
    columns: int = 1, rows: int = 1, *, width: float = 7.4, height: float = 3.2, **options: Any
) -> tuple[Any, Any]:
    """As `plt.subplots(rows, columns)`, with a layout in which nothing overlaps."""
    return plt.subplots(rows, columns, figsize=(width, height), layout="constrained", **options)


def axis(axis: Axis, name: str, unit: str = "", *, log: bool = False) -> None:
    """Names an axis, and counts its ticks in the unit's handiest prefix. To be called when all has been drawn.

    With `log`, each tick of a decade (or, at few decades, of 2 and 5) has its own prefix: 100 us, 1 ms, ...
    """
    if log:
        axis.axes.set(**{f"{axis.axis_name}scale": "log"})
        said = (lambda value, _: quantity.text(value, unit, 3)) if unit else (lambda value, _: _count(value))
        axis.set_major_formatter(FuncFormatter(said))
        axis.set_minor_formatter(NullFormatter())
        axis.set_label_text(name)
        return
    low, high = axis.get_view_interval()
    factor, unit = quantity.scale(max(abs(low), abs(high)), unit)
    ticks = factor * MaxNLocator(nbins=8, steps=[1, 2, 2.5, 5, 10]).tick_values(low / factor, high / factor)
    axis.set_ticks([tick for tick in ticks if low <= tick <= high])  # round in the unit that is shown, e.g. days
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / factor:.6g}"))
    axis.set_label_text(f"{name} ({unit})" if unit else name)


def sizes(axis: Axis, values: Sequence[float], name: str = "NPUs") -> None:
    """A logarithmic axis of sizes that has a tick at each of them, and no other."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_ticks(list(values))
    axis.set_ticks([], minor=True)
    axis.set_major_formatter(FuncFormatter(lambda value, _: _count(value)))
    axis.set_label_text(name)


def share(axis: Axis, name: str, top: float | None = None) -> None:
    """An axis of shares, in percent and from nothing on."""
    axis.axes.set(**{f"{axis.axis_name}lim": (0, top)})
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.4g} %"))
    axis.set_label_text(name)


def line(axes: Axes, x: Sequence[float], results: Sequence[Result], key: str, label: str, place: int = 0) -> None:
    """One figure of many results, with its interval as a band; `place` counts the lines of the axes."""
    colour, marker, dash = LINES[place % len(LINES)]
    y = [result[key] for result in results]
    ends = [result.interval(key) or (result[key], result[key]) for result in results]
    axes.fill_between(x, [low for low, _ in ends], [high for _, high in ends], color=colour, alpha=0.12, linewidth=0)
    axes.plot(x, y, color=colour, marker=marker, linestyle=dash, label=label)


def intervals(
    axes: Axes, results: Mapping[str, Result], key: str, name: str, per: Mapping[str, float] | None = None
) -> None:
    """One figure of each result as a horizontal bar, first on top, its interval across the end, and its text beside it.

    `per` divides the figure of each result, e.g. by its watts; `name` says so.
    """
    unit = str(next(iter(results.values())).figures.loc[key, "unit"])
    rows = []
    for label, result in results.items():
        by = per[label] if per else 1.0
        rows.append([value / by for value in (result[key], *(result.interval(key) or (result[key], result[key])))])
    positions = range(len(rows))[::-1]
    axes.barh(positions, [value for value, _, _ in rows], height=0.62, color=LINES[0][0], alpha=0.85)
    for position, (value, low, high) in zip(positions, rows):
        ends = {"marker": "|", "markersize": 9, "linestyle": "-", "linewidth": 2}
        axes.plot([low, high], [position, position], color=LINES[1][0], **ends)
        place = (max(value, high), position)
        axes.annotate(quantity.text(value, unit, 3), place, (7, 0), textcoords="offset points", va="center")
    axes.set_yticks(list(positions), list(results))
    axes.grid(False, axis="y")
    axes.set_xlim(0, 1.18 * max(max(value, high) for value, _, high in rows))
    axis(axes.xaxis, name, unit)


def breakdown(axes: Axes, results: Mapping[str, Result], *, of_step: bool = False) -> None:
    """Where each step goes, as a horizontal bar for each result; `of_step`: as shares of it."""
    tables = {
        label: result.table("breakdown")["time"] / (result["step_time_s"] if of_step else 1)
        for label, result in results.items()
    }
    largest = max(times.sum() for times in tables.values())
    known = [cause for cause in CAUSES if any(cause in times.index for times in tables.values())]
    others = sorted({cause for times in tables.values() for cause in times.index} - set(CAUSES))
    positions = range(len(tables))[::-1]
    left = [0.0] * len(tables)
    for cause in [*known, *others]:
        widths = [float(times.get(cause, 0)) for times in tables.values()]
        if max(widths) < 0.002 * largest:
            continue
        fill, hatch = CAUSES.get(cause, ("white", "//"))
        axes.barh(positions, widths, 0.62, left, color=fill, hatch=hatch, edgecolor="white", linewidth=0.5, label=cause)
        left = [start + width for start, width in zip(left, widths)]
    axes.set_yticks(list(positions), list(tables))
    axes.grid(False, axis="y")
    axes.set_xlim(0, 1.02 * largest)
    if of_step:
        share(axes.xaxis, "share of the step", 1)
    else:
        axis(axes.xaxis, "mean over NPUs", "s")
    legend_above(axes)


def timeline(axes: Axes, result: Result, ranks: Sequence[int] | None = None) -> None:
    """The passes of a step on each pipeline rank, over time."""
    slots = result.table("slots")
    chosen = sorted(slots["rank"].unique()) if ranks is None else list(ranks)
    fills = ["#0b3c5d", "#d1772b", "#6dbdb5", "#f2c078", "#a8325e", "#8c8c8c"]
    colours = dict(zip(dict.fromkeys(slots["phase"]), fills))
    for phase, colour in colours.items():
        for row, rank in enumerate(chosen):
            mine = slots[(slots["phase"] == phase) & (slots["rank"] == rank)]
            spans = list(zip(mine["start"], mine["finish"] - mine["start"]))
            label = phase if row == 0 else None
            axes.broken_barh(spans, (row - 0.4, 0.8), facecolors=colour, edgecolor="white", linewidth=0.2, label=label)
    axes.invert_yaxis()
    axes.grid(False, axis="y")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("pipeline rank")
    axes.set_xlim(0, result["step_time_s"])
    axis(axes.xaxis, "time", "s")
    legend_above(axes)


def legend_above(axes: Axes, columns: int = 4) -> None:
    """A legend over the axes, where it covers nothing."""
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1.0), "borderaxespad": 0.2}
    axes.legend(ncol=columns, handlelength=1.6, columnspacing=1.4, **place)


def _count(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
