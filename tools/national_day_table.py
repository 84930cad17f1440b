"""The measured table of a national day: on the screen, in bench/results, and in docs/performance.md."""

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools import markdown

BEGIN, END = "<!-- national day: written by make national-day -->", "<!-- end of the national day -->"

# The bars of the issue: everything after the generation, and the most memory of all processes of a step together.
WALL_S, PEAK_GB = 600, 4.0
MEASURED = ("take-in", "close")

# Rows a CPU second that the machine could do (docs/performance.md, physical limits): intake of a row; a row and a time-point of a close.
LIMITS = {"take-in": 1_000_000, "close": 9_000_000}


@dataclass(frozen=True)
class Step:
    """What a step cost, and how many of what it worked on. `part`: generate, take-in, close or compare."""

    name: str
    part: str
    rows: int
    of: str
    cpu_s: float
    wall_s: float
    peak_gb: float

    @property
    def told(self) -> str:
        return f"{self.rows:,} {self.of}, {self.cpu_s:,.1f} CPU s, {self.wall_s:,.1f} s, {self.peak_gb:.2f} GB at most"

    @property
    def a_cpu_second(self) -> float:
        return self.rows / self.cpu_s if self.cpu_s else 0.0

    @property
    def share_of_limit(self) -> str:
        """Of the rate the machine could do; only for the steps that work on rows."""
        limit = LIMITS.get(self.part) if self.name.startswith(("take", "close")) else None
        return f"{100 * self.a_cpu_second / limit:.0f} %" if limit else ""


def measured(steps: Sequence[Step]) -> list[Step]:
    """The steps that the ten minutes are of."""
    return [step for step in steps if step.part in MEASURED]


def verdicts(steps: Sequence[Step], asked: Mapping[str, Any]) -> list[str]:
    """What was held and what was missed, of a whole day at full volume; of less, what the day comes to."""
    of = measured(steps)
    wall, cpu, peak = sum(step.wall_s for step in of), sum(step.cpu_s for step in of), max((step.peak_gb for step in of), default=0.0)
    told = f"{wall:,.0f} s ({wall / 60:.1f} minutes), {cpu:,.0f} CPU s, {peak:.2f} GB at most"
    if "report" not in {step.name for step in of}:
        return [f"So far, without the report: {told}."]
    if asked["scale"] != "1":
        return [f"At {asked['scale']} of the network, from the first file to the report: {told}."]
    return [
        f"From the first file to the report: {told}.",
        f"Bar of {WALL_S // 60} minutes: {markdown.verdict(wall <= WALL_S)}. Bar of {PEAK_GB:g} GB: {markdown.verdict(peak <= PEAK_GB)}.",
    ]


def tell(steps: Sequence[Step], asked: Mapping[str, Any]) -> Iterator[str]:
    """The table as text, whatever was done so far."""
    yield ""
    yield from table(steps)
    if measured(steps):
        yield ""
        yield from verdicts(steps, asked)


def table(steps: Sequence[Step]) -> Iterator[str]:
    """Markdown, which reads as well on a screen."""
    headings = ("step", "rows", "of", "CPU s", "wall s", "peak GB", "rows per CPU s", "of the limit")
    yield from markdown.table(headings, map(_cells, steps), {*headings} - {"step", "of"})


def _cells(step: Step) -> tuple[str, ...]:
    rate = f"{step.a_cpu_second:,.0f}" if step.a_cpu_second >= 1 else ""
    costs = f"{step.cpu_s:,.1f}", f"{step.wall_s:,.1f}", f"{step.peak_gb:.2f}"
    return step.name, f"{step.rows:,}", step.of, *costs, rate, step.share_of_limit


def write_results(steps: Sequence[Step], asked: Mapping[str, Any], folder: Path, wrong: str, page: Path | None) -> None:
    """Keep what was measured as national-day.json and .md in a folder, and on the page between its two marks."""
    folder.mkdir(parents=True, exist_ok=True)
    machine = {"cores": os.cpu_count(), "processor": _processor(), "python": platform.python_version()}
    told = {"asked": dict(asked), "machine": machine, "wrong": wrong, "steps": [asdict(step) for step in steps]}
    (folder / "national-day.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    where = f"{machine['cores']} cores ({machine['processor']})"
    lines = [f"A day of {asked['day']} at {asked['scale']} of the network, seed {asked['seed']}; {where}.", ""]
    lines += [*table(steps), "", *verdicts(steps, asked)]
    if wrong:
        lines += ["", f"It ended early: {wrong.splitlines()[0]}"]
    text = "\n".join(lines) + "\n"
    (folder / "national-day.md").write_text(f"# A national day\n\n{text}", encoding="utf-8")
    if page is not None:
        page.write_text(with_measured(page.read_text(encoding="utf-8"), text), encoding="utf-8")


def with_measured(page: str, text: str) -> str:
    """A page with a text between its marks. Raises ValueError for a page that has not got them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"a page with {BEGIN} and {END} was expected")
    return f"{before}{BEGIN}\n\n{text}\n{END}{after}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())
