"""The result of a job as a Markdown table: what each contender cost, and ours against the best peer."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One contender: median CPU seconds, best wall seconds, largest peak memory."""

    name: str
    cpu_s: float
    wall_s: float
    peak_gb: float
    is_ours: bool


def table(title: str, lines: Sequence[Line], rows: int, bar: float, bar_said: str, *, is_equal: bool) -> str:
    """`bar` is the greatest share of the best peer's CPU seconds that ours may cost."""
    ours = next(line for line in lines if line.is_ours)
    peers = [line for line in lines if not line.is_ours]
    best = min(peers, key=lambda line: line.cpu_s)
    told = [f"**{title}**", "", "| contender | CPU s | M rows per CPU s | wall s | peak GB | CPU against ours | memory against ours |"]
    told.append("| --- | --: | --: | --: | --: | --: | --: |")
    for line in lines:
        against = f"{line.cpu_s / ours.cpu_s:.2f}x | {line.peak_gb / ours.peak_gb:.2f}x"
        speed = rows / line.cpu_s / 1e6
        told.append(f"| {line.name} | {line.cpu_s:.1f} | {speed:.2f} | {line.wall_s:.1f} | {line.peak_gb:.2f} | {against} |")
    told += ["", f"Answers {'equal' if is_equal else 'DIFFER'}. Bar: {bar_said} ({best.name}): {_judged(ours.cpu_s, best.cpu_s, bar)}"]
    return "\n".join(told)


def _judged(ours: float, best: float, bar: float) -> str:
    if ours <= bar * best:
        return f"held, {best / ours:.2f} times less CPU."
    return f"MISSED, ours costs {ours / best:.2f} times as much."
