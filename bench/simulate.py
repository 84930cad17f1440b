"""The simulated estate: audit rows drawn and written a CPU second, and whether memory stays flat when the month is longer."""

import argparse
import shutil
from pathlib import Path
from typing import Any

from tools import markdown

from bench.measure import run

# Rows a CPU second, drawn and written, that are asked of each form.
BARS = {"csv": 300_000, "parquet": 1_000_000}
DAYS = 2
# So many times the days, of as many rows each: the peak memory must not follow.
LONGER = 4


def simulated(rows: int, folder: Path) -> tuple[str, dict[str, Any]]:
    """The table of both forms as Markdown, and the same as data. `rows` are those of the shorter run, written over DAYS days."""
    told = [f"**Simulated estate: drawing and writing the audit trail, about {rows:,} rows in {DAYS} days**", ""]
    headings = ("form", "rows", "CPU s", "M rows per CPU s", "bytes a row", "peak GB", "peak GB of four times the days", "bar")
    cells: list[tuple[str, ...]] = []
    data: dict[str, Any] = {}
    for form, bar in BARS.items():
        out = folder / f"simulate-{form}"
        runs = []
        for times in (1, LONGER):
            arguments = ["--rows", str(rows * times), "--days", str(DAYS * times), "--form", form, "--out", str(out)]
            runs.append(run("bench.ours.simulate", arguments, folder / f"simulate-{form}.log"))
            shutil.rmtree(out, ignore_errors=True)
        short, long = runs
        speed = short.answer["rows"] / short.answer["cpu_s"]
        cells.append(
            (
                form, f"{short.answer['rows']:,}", f"{short.answer['cpu_s']:.1f}", f"{speed / 1e6:.2f}",
                f"{short.answer['bytes'] / short.answer['rows']:.0f}", f"{short.cost.peak_gb:.2f}", f"{long.cost.peak_gb:.2f}",
                f"{bar / 1e6:g} M rows per CPU s: {markdown.verdict(speed >= bar)}",
            )
        )  # fmt: skip
        data[form] = {"short": {**vars(short.cost), **short.answer}, "long": {**vars(long.cost), **long.answer}}
    told += markdown.table(headings, cells, headings[1:-1])
    return "\n".join(told), data


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=4_000_000)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "data" / "simulated")
    asked = parser.parse_args()
    print(simulated(asked.rows, asked.folder)[0])


if __name__ == "__main__":
    main()
