"""The Performance Measurement Report: figures from a month's tallies, and the report in every format, each a process of its own.

python -m bench.pmr leaves the results of the full sizes in bench/results/pmr.md."""

import argparse
import json
import platform
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools import markdown

from bench.measure import Cost, run
from bench.month_rhythm import PERIOD
from bench.month_tallies import RUNGS, write_tallies

RESULTS = Path(__file__).parent / "results"
PEAK_GB = 1.5


@dataclass(frozen=True)
class Month:
    """A month by its size: what its figures may cost, and figures and report together; without bars only its figures are made, to see.

    `shifts`: how many times the rungs of one day its ladder fills (month_tallies.Steps).
    """

    title: str
    tally_rows: int
    figures_bar_s: float | None
    bar_s: float | None
    shifts: int = 1


MONTHS = {
    "month": Month("A month of 145 thousand tally rows", 145_000, 5.0, 20.0),
    "national": Month("A national month: 1.2 million tally rows", 1_200_000, 5.0, 60.0),
    # Answers that took longer stand on other rungs every day, so a month's ladder is longer than a day's; how much, no publication tells.
    "national_spread": Month("The same, answers on five times the rungs", 1_200_000, None, None, shifts=5),
}


def reported(folder: Path, share: float = 1.0) -> tuple[str, dict[str, Any]]:
    """The table of the months as Markdown, and the same as data. `share` of their sizes, for a quick look."""
    told = [
        "**J4 and the report: figures from the tallies, then PDF, HTML, XLSX, CSV, Parquet and JSON**", "",
        f"{PERIOD.label}; on each day the answers of a combination stand on at most {RUNGS} rungs of the ladder.", "",
    ]  # fmt: skip
    headings = ("month", "tally rows", "ladder rows", "figures", "figures, CPU s", "bar", "report, CPU s", "together", "bar", "peak GB")
    cells: list[tuple[str, ...]] = []
    data: dict[str, Any] = {}
    for name, month in MONTHS.items():
        out = folder / f"pmr-{name}"
        shutil.rmtree(out, ignore_errors=True)
        tallies = out / "tallies"
        sizes = write_tallies(int(month.tally_rows * share), tallies, month.shifts)
        steps = {
            step: run("bench.ours.pmr", ["--step", step, "--tallies", str(tallies), "--out", str(out)], folder / f"pmr-{name}-{step}.log")
            for step in (("figures", "report") if month.bar_s is not None else ("figures",))
        }
        costs: list[Cost] = [step.cost for step in steps.values()]
        figures_s, together, peak = costs[0].cpu_s, sum(cost.cpu_s for cost in costs), max(cost.peak_gb for cost in costs)
        of_report = (f"{costs[1].cpu_s:.1f}", f"{together:.1f}", _said(month.bar_s, together)) if len(costs) > 1 else ("", "", "")
        cells.append(
            (
                month.title, f"{sizes['tally_rows']:,}", f"{sizes['ladder_rows']:,}", f"{steps['figures'].answer['figures']:,}",
                f"{figures_s:.1f}", _said(month.figures_bar_s, figures_s), *of_report,
                f"{peak:.2f}{'' if peak <= PEAK_GB else f' (MISSED: {PEAK_GB} GB)'}",
            )
        )  # fmt: skip
        data[name] = {
            **sizes,
            **{step: {**vars(found.cost), **found.answer} for step, found in steps.items()},
            "is_held": _is_held(month.figures_bar_s, figures_s) and _is_held(month.bar_s, together) and peak <= PEAK_GB,
        }
        shutil.rmtree(out)
    told += markdown.table(headings, cells, {*headings} - {"month", "bar", "peak GB"})
    return "\n".join(told), data


def _is_held(bar_s: float | None, cpu_s: float) -> bool:
    return bar_s is None or cpu_s <= bar_s


def _said(bar_s: float | None, cpu_s: float) -> str:
    return "" if bar_s is None else f"{bar_s:g} CPU s: {markdown.verdict(_is_held(bar_s, cpu_s))}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="share of the full sizes (default: all)")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "data" / "pmr")
    asked = parser.parse_args()
    text, data = reported(asked.folder, asked.share)
    print(text)
    if asked.share == 1.0:
        report = {"measured_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}", "python": platform.python_version(), "months": data}
        (RESULTS / "pmr.json").write_text(json.dumps(report, indent=1) + "\n")
        (RESULTS / "pmr.md").write_text(f"Measured {report['measured_at']}.\n\n{text}\n")


if __name__ == "__main__":
    main()
