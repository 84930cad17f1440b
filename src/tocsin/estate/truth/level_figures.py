"""The whole numbers of every figure of what Service Providers report, of availability, SMKI and hub orders, added up one by one.

A feed of which nothing came has no numbers: then only its measures and indicators are named, each with empty cells.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

# Figure name, counted, met, percentile in tenths of a second; None where a figure of its kind has none.
Line = tuple[str, int | None, int | None, int | None]
Row = Mapping[str, Any]
RUNG_US = 100_000

# Which Service Provider measures each Code Performance Measure rests on (domain.md 2.3; those of SMETS1 assumed).
RELEVANT = {
    "cpm_1": ("1.1", "1.4", "2", "4.3", "s1_on_demand"),
    "cpm_2": ("1.2", "1.3", "3.1", "4.1", "4.2", "s1_future_dated"),
    "cpm_3": ("alerts", "category_3_alerts", "s1_alerts"),
    "cpm_6": ("3.5",),
    "cpm_7": ("smki_certificates",),
    "cpm_8": ("smki_documents",),
}
CPM_OF = {measure: cpm for cpm, measures in RELEVANT.items() for measure in measures}
LEVEL_INDICATORS = ("level", "initial_level", "stated_percentage", "exceptions", "changed", "left_out")
MINUTE_INDICATORS = (
    "of_tap", "of_month", "maintenance", "down", "outages", "failovers", "no_incident", "not_compliant", "untimely",
)  # fmt: skip
SMKI_INDICATORS = (
    "volume", "items", "within_target", "response_p50", "response_p95", "response_p99", "unanswered", "excluded",
)  # fmt: skip
ORDER_INDICATORS = ("orders", "ordered", "delivered", "due_in_time", "returned", "returned_faulty", "returned_sound")


def write_figures(path: Path, lines: Iterable[Line]) -> None:
    """A file of figures: name, counted, met, value in tenths of a second; an empty cell where there is none."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "counted", "met", "value_decisecond"))
        writer.writerows(("" if cell is None else cell for cell in line) for line in sorted(lines))


def nothing(subject: str, indicators: Sequence[str] = ()) -> list[Line]:
    """A measure, or the indicators of an area, of which no feed came."""
    return [(f"{subject}.{indicator}", None, None, None) for indicator in indicators] or [(subject, None, None, None)]


def report_lines(stands: Sequence[Row], initials: Sequence[Row], owed: Mapping[str, Sequence[str]]) -> list[Line]:
    """Reported measures and levels. `stands` and `initials` are rows of reports with their sender and submission; `owed` the measures
    that each Service Provider is to report, of which those left out of its reports are holes."""
    if not stands:
        return [
            *(line for cpm in ("cpm_1", "cpm_2", "cpm_3") for line in nothing(f"{cpm}_reported")),
            *nothing("reported_levels", LEVEL_INDICATORS),
        ]
    rows = [*stands, *_left_out(stands, owed)]
    lines = [
        line for cpm in ("cpm_1", "cpm_2", "cpm_3") for line in _reported(cpm, [row for row in rows if row["measure_ref"] in RELEVANT[cpm]])
    ]
    return [*lines, *(line for row in rows for line in _level(row, initials))]


def _left_out(stands: Sequence[Row], owed: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    told = {(row["service_provider"], row["measure_ref"]): row["region"] for row in stands}
    for provider in sorted({provider for provider, _ in told}):
        region = next(place for (of, _), place in told.items() if of == provider)
        for measure in owed[provider]:
            if measure in CPM_OF and (provider, measure) not in told:
                yield {"service_provider": provider, "measure_ref": measure, "region": region, "submission": "none"}


def _region(row: Row) -> str:
    return row["region"] or ("all" if row["service_provider"] == "DSP" else "smets1")


def _reported(cpm: str, rows: Sequence[Row]) -> Iterator[Line]:
    sums: dict[str, Counter[str]] = {"": Counter()}
    for row in rows:
        provider, region, measure = (f"/{name}={value}" for name, value in _where(row))
        for split in ("", provider, region, measure, provider + region + measure):
            counts = sums.setdefault(split, Counter())
            if row.get("counted") is None:
                counts.update(lacking=1)
            else:
                counts.update(counted=row["counted"], met=row["met"])
    for split, counts in sums.items():
        if not split or counts["counted"] or counts["lacking"]:
            yield f"{cpm}_reported{split}", counts["counted"], counts["met"], None
    components = [counts for split, counts in sorted(sums.items()) if split.count("/") == 3 and counts["counted"]]
    if components:
        worst = min(components, key=lambda counts: Fraction(counts["met"], counts["counted"]))
        yield f"{cpm}_reported.component_mean", sums[""]["counted"], sums[""]["met"], None
        yield f"{cpm}_reported.component_min", worst["counted"], worst["met"], None


def _where(row: Row) -> tuple[tuple[str, str], ...]:
    return (("service_provider", row["service_provider"]), ("region", _region(row)), ("measure_ref", row["measure_ref"]))


def _level(row: Row, initials: Sequence[Row]) -> Iterator[Line]:
    same = ("sender", "report", "measure_ref", "service_provider", "region")
    is_final = row["submission"] == "final"
    first = next((one for one in initials if is_final and all(one[name] == row[name] for name in same)), None)
    splits = (("cpm", CPM_OF.get(row["measure_ref"], "none")), *_where(row), ("submission", row["submission"]))
    where = "".join(f"/{name}={value}" for name, value in splits)
    is_alone = row.get("counted") is None and row.get("percent_hundredths") is not None
    is_changed = first is not None and any(first[name] != row[name] for name in ("counted", "met", "percent_hundredths"))
    numbers: dict[str, tuple[int, int | None]] = {
        "level": (row.get("counted") or 0, row.get("met") or 0),
        "initial_level": ((first["counted"] or 0, first["met"] or 0) if first is not None else (0, 0)),
        "stated_percentage": (row["percent_hundredths"] if is_alone else 0, None),
        "exceptions": (row.get("exception_count") or 0, None),
        "changed": (int(is_changed), None),
        "left_out": (int(row["submission"] == "none"), None),
    }
    for indicator, (counted, met) in numbers.items():
        yield f"reported_levels.{indicator}{where}", counted, met, None


def span_lines(name: str, spans: Sequence[int]) -> Iterator[Line]:
    """Nearest-rank percentiles of some spans, in tenths of a second: at place 95 of 100, as a hand would count them off."""
    ordered = sorted(spans)
    for word, share in (("p50", 50), ("p95", 95), ("p99", 99)):
        place = -(-share * len(ordered) // 100)
        indicator, split, rest = name.partition("/")
        yield f"{indicator}_{word}{split}{rest}", len(ordered), None, ordered[place - 1] // RUNG_US if ordered else None
