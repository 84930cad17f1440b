"""The result of a job as a Markdown table: what each contender cost, and ours against the best peer."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools import markdown


@dataclass(frozen=True)
class Line:
    """One contender: median CPU seconds, best wall seconds, largest peak memory."""

    name: str
    cpu_s: float
    wall_s: float
    peak_gb: float
    is_ours: bool


@dataclass(frozen=True)
class Bars:
    """What ours is held to: so many times less CPU than the best peer, and so much memory."""

    times_less: float
    peak_gb: float


def table(title: str, lines: Sequence[Line], rows: int, bars: Bars, *, is_equal: bool) -> str:
    ours = next(line for line in lines if line.is_ours)
    peers = [line for line in lines if not line.is_ours]
    best = min(peers, key=lambda line: line.cpu_s)
    headings = ("contender", "CPU s", "M rows per CPU s", "wall s", "peak GB", "CPU against ours", "memory against ours")
    cells = [
        (
            line.name, f"{line.cpu_s:.1f}", f"{rows / line.cpu_s / 1e6:.2f}", f"{line.wall_s:.1f}", f"{line.peak_gb:.2f}",
            f"{line.cpu_s / ours.cpu_s:.2f}x", f"{line.peak_gb / ours.peak_gb:.2f}x",
        )
        for line in lines
    ]  # fmt: skip
    told = [f"**{title}**", "", *markdown.table(headings, cells, headings[1:])]
    told += ["", f"Answers {'equal' if is_equal else 'DIFFER'}.", ""]
    told.append(at_least(f"CPU seconds less than the best peer ({best.name})", best.cpu_s / ours.cpu_s, bars.times_less))
    told.append(at_most("peak memory", ours.peak_gb, bars.peak_gb, "GB"))
    return "\n".join(told)


def at_least(what: str, times: float, bar: float) -> str:
    """A ratio beside its bar."""
    return f"- Bar: {what}: {times:.2f} times, at least {bar:g}: {markdown.verdict(times >= bar)}."


def at_most(what: str, found: float, bar: float, unit: str) -> str:
    return f"- Bar: {what}: {found:.2f} {unit}, at most {bar:g}: {markdown.verdict(found <= bar)}."
