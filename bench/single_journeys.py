"""The jobs of single journeys: alerts of a national quarter-hour beside plain DuckDB and of a stretch of a day, firmware, hubs."""

import argparse
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from tools import markdown

from bench.happenings import MAKERS, QUARTERS, row_count
from bench.measure import Outcome, run

SLICE_COLUMNS = "sender, stage, region, service_provider, alert_count, consolidated_count"


@dataclass(frozen=True)
class Single:
    """A job: its title, how many (alerts' time-points, devices, hubs) at most, its journeys, and the bar for those it is set for."""

    title: str
    most: int
    journeys: tuple[str, ...]
    barred: tuple[str, ...]
    bar_s: float
    bar_said: str
    # CPU seconds, or seconds on the clock: as the bar was asked for.
    bar_of: str


SINGLES: Mapping[str, Single] = {
    "alerts": Single(
        "J3: a quarter-hour of alerts, after parsing",
        3_300_000,
        ("alert_slices", "alert_losses", "alerts", "alert_legs"),
        ("alert_slices",),
        1.0,
        "counts of every stage on the shelf in 1 CPU second",
        "cpu_s",
    ),
    "stretch": Single(
        f"J3: {QUARTERS} quarter-hours of alerts, all that a close makes of them",
        QUARTERS * 3_300_000,
        ("alert_slices", "alert_losses", "alerts", "alert_legs"),
        ("alert_slices", "alert_losses", "alerts", "alert_legs"),
        QUARTERS * 5.0,
        "5 CPU seconds a quarter-hour, 480 a day",
        "cpu_s",
    ),
    "campaign": Single(
        "A firmware campaign: upload and activation of every device",
        1_000_000,
        ("firmware_uploads", "firmware_activations"),
        ("firmware_uploads", "firmware_activations"),
        10.0,
        "both in 10 seconds on two threads",
        "wall_s",
    ),
    "hubs": Single(
        "Communications Hubs without SM WAN: reconciled three ways",
        100_000,
        ("no_wan_matches",),
        ("no_wan_matches",),
        2.0,
        "in 2 seconds on two threads",
        "wall_s",
    ),
}


def single(name: str, count: int, folder: Path) -> tuple[str, dict[str, Any], list[str]]:
    """The table of a job as Markdown, the same as data, and sentences of what differs between contenders. `count` is at most `most`."""
    job = SINGLES[name]
    data = folder / f"{name}-data"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    files = MAKERS[name](data, min(count, job.most))
    ours = _ours(name, job, files, folder)
    lines = [(f"ours: {one}", ours.answer[one]["cpu_s"], ours.answer[one]["wall_s"]) for one in job.journeys]
    differing: list[str] = []
    told: dict[str, Any] = {"rows": row_count(files), "ours": {**vars(ours.cost), "journeys": ours.answer}}
    if name == "alerts":
        peer = _peer(files, folder)
        lines.append(("duckdb: stage counts", peer.answer["cpu_s"], peer.answer["wall_s"]))
        differing = _compared(Path(ours.answer["alert_slices"]["answer"]), Path(peer.answer["answer"]))
        told |= {"duckdb": {**vars(peer.cost), **peer.answer}, "is_equal": not differing}
    shutil.rmtree(data)
    return _table(job, told, lines, differing if name == "alerts" else None), told, differing


def _ours(name: str, job: Single, files: list[Path], folder: Path) -> Outcome:
    out = folder / f"{name}-ours"
    out.mkdir(parents=True, exist_ok=True)
    asked = ["--job", name, "--journeys", *job.journeys, "--out", str(out), "--files", *map(str, files)]
    return run("bench.ours.happenings", asked, folder / f"{name}-ours.log")


def _peer(files: list[Path], folder: Path) -> Outcome:
    out = folder / "alerts-duckdb"
    return run("bench.peers.duckdb_j3", ["--data", str(folder), "--out", str(out), *map(str, files)], folder / "alerts-duckdb.log")


def _compared(ours: Path, peer: Path) -> list[str]:
    """Ours is a row a delivery as well: the same when added up."""
    standing = f"""(SELECT sender, stage, region, service_provider, sum(alert_count)::BIGINT AS alert_count,
        sum(consolidated_count)::BIGINT AS consolidated_count FROM '{ours}' WHERE set_aside = '' GROUP BY ALL)"""
    other = f"(SELECT {SLICE_COLUMNS} FROM '{peer}')"
    found = []
    for some, rest, said in ((standing, other, "the peer's"), (other, standing, "ours")):
        if rows := duckdb.execute(f"SELECT count(*) FROM (SELECT {SLICE_COLUMNS} FROM {some} EXCEPT ALL FROM {rest})").fetchall()[0][0]:
            found.append(f"J3: {rows} rows are not in {said}")
    return found


def _table(job: Single, told: dict[str, Any], lines: list[tuple[str, float, float]], differing: list[str] | None) -> str:
    spent = sum(told["ours"]["journeys"][one][job.bar_of] for one in job.barred)
    unit = "CPU s" if job.bar_of == "cpu_s" else "s"
    verdict = markdown.verdict(spent <= job.bar_s)
    equal = "" if differing is None else ("Answers DIFFER. " if differing else "Answers equal. ")
    return "\n".join(
        [
            f"**{job.title}: {told['rows']:,} rows**",
            "",
            *markdown.table(
                headings := ("what", "CPU s", "wall s"),
                [(name, f"{cpu_s:.2f}", f"{wall_s:.2f}") for name, cpu_s, wall_s in lines],
                headings[1:],
            ),
            "",
            f"Peak memory {told['ours']['peak_gb']:.2f} GB. {equal}Bar: {job.bar_said}: {verdict}, {spent:.2f} {unit}.",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="share of the full sizes (default: all)")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "data" / "single")
    asked = parser.parse_args()
    differing: list[str] = []
    for name, job in SINGLES.items():
        text, _, found = single(name, int(job.most * asked.share), asked.folder)
        differing += found
        print(f"{text}\n", flush=True)
    if differing:
        raise SystemExit("\n".join(["ANSWERS DIFFER", *differing]))


if __name__ == "__main__":
    main()
