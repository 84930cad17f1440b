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

from bench.measure import Cost, run
from bench.month_rhythm import PERIOD
from bench.month_tallies import RUNGS, write_tallies

RESULTS = Path(__file__).parent / "results"
PEAK_GB = 1.5


@dataclass(frozen=True)
class Month:
    """A month by its size, and what its figures and report may cost together."""

    title: str
    tally_rows: int
    bar_s: float


MONTHS = {
    "month": Month("A month of 145 thousand tally rows", 145_000, 20.0),
    "national": Month("A national month: 1.2 million tally rows", 1_200_000, 60.0),
}


def reported(folder: Path, share: float = 1.0) -> tuple[str, dict[str, Any]]:
    """The table of both months as Markdown, and the same as data. `share` of their sizes, for a quick look."""
    told = [
        "**The report: figures from the tallies, then PDF, HTML, XLSX, CSV, Parquet and JSON**", "",
        f"{PERIOD.label}; of each tally row the answers stand on at most {RUNGS} rungs of the ladder.", "",
        "| month | tally rows | ladder rows | figures | figures, CPU s | report, CPU s | together | peak GB | bar |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --- |",
    ]  # fmt: skip
    data: dict[str, Any] = {}
    for name, month in MONTHS.items():
        out = folder / f"pmr-{name}"
        shutil.rmtree(out, ignore_errors=True)
        tallies = out / "tallies"
        sizes = write_tallies(int(month.tally_rows * share), tallies)
        steps = [
            run("bench.ours.pmr", ["--step", step, "--tallies", str(tallies), "--out", str(out)], folder / f"pmr-{name}-{step}.log")
            for step in ("figures", "report")
        ]
        costs: list[Cost] = [step.cost for step in steps]
        together, peak = sum(cost.cpu_s for cost in costs), max(cost.peak_gb for cost in costs)
        is_held = together <= month.bar_s and peak <= PEAK_GB
        told.append(
            f"| {month.title} | {sizes['tally_rows']:,} | {sizes['ladder_rows']:,} | {steps[1].answer['figures']:,} |"
            f" {costs[0].cpu_s:.1f} | {costs[1].cpu_s:.1f} | {together:.1f} | {peak:.2f} |"
            f" {month.bar_s:g} CPU s, {PEAK_GB} GB: {'held' if is_held else 'MISSED'} |"
        )
        data[name] = {**sizes, "figures": vars(costs[0]), "report": {**vars(costs[1]), **steps[1].answer}, "is_held": is_held}
        shutil.rmtree(out)
    return "\n".join(told), data


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
