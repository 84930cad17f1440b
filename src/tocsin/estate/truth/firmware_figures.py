"""The whole numbers of every figure of firmware, out of attempts judged one at a time: CPM 6A, 6B, 6C and their areas (domain.md 8.4)."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.estate.truth.firmware import Judged

LEFT_OUT = {"refused", "superseded"}
SPLITS = ("began_on", "generation", "service_provider", "region", "device_type", "model")
PER_MILLE = {"p50": 500, "p90": 900, "p95": 950, "max": 1000}
RUNG_US = 100_000

# Figure name, counted, met, percentile in tenths of a second; None where a figure of its kind has none.
Line = tuple[str, int | None, int | None, int | None]
Counts = Callable[[Judged], bool]


@dataclass(frozen=True)
class Share:
    """One measure: which outcomes are counted, which of them met."""

    name: str
    counted: frozenset[str]
    met: frozenset[str]
    splits: tuple[str, ...]


CPM_6B = Share(
    "cpm_6b",
    frozenset({"delivered", "late", "failed", "expired"}),
    frozenset({"delivered"}),
    ("service_provider", "region", "device_type"),
)
CPM_6C = Share(
    "cpm_6c",
    frozenset({"activated", "confirmed", "failed", "no_answer"}),
    frozenset({"activated", "confirmed"}),
    ("service_provider", "region", "device_type"),
)
# As the audit trail shows it: an 11.2 does not tell there which version it found, so it is no success.
CPM_6C_OBSERVED = Share("cpm_6c_observed", CPM_6C.counted | {"version_unknown"}, CPM_6C.met, CPM_6C.splits)
CPM_6A = Share("cpm_6a", frozenset({"hub_ok", "hub_failed"}), frozenset({"hub_ok"}), ("service_provider", "region", "model"))


def _is(*outcomes: str) -> Counts:
    return lambda one: one.outcome in outcomes


def _marked(mark: str) -> Counts:
    return lambda one: mark in one.marks and one.outcome not in LEFT_OUT


UPLOADS: dict[str, Counts] = {
    "named": lambda one: True,
    "refused": _is("refused"),
    "superseded": _is("superseded"),
    "accepted": lambda one: one.outcome not in LEFT_OUT,
    **{mark: _marked(mark) for mark in ("sent", "at_hub", "hub_untold", "at_device")},
    "late": _is("late"),
    "failed": _is("failed"),
    "expired": _is("expired"),
    "not_reportable": _marked("not_reportable"),
    "not_told": _is("not_told"),
    "told_by_alert": _marked("told_by_alert"),
    "devices": lambda one: "devices" in one.marks,
    "devices_on_target": lambda one: "devices_on_target" in one.marks,
}
ACTIVATIONS: dict[str, Counts] = {
    "requested": lambda one: one.outcome != "refused",
    **{outcome: _is(outcome) for outcome in ("activated", "confirmed", "failed", "no_answer", "withdrawn", "superseded")},
}
IN_TRAIL: dict[str, Counts] = {
    "requested": lambda one: one.outcome != "refused",
    **{outcome: _is(outcome) for outcome in ("activated", "confirmed", "failed", "version_unknown", "no_answer")},
}
DOWNLOADS: dict[str, Counts] = {
    "attempts": lambda one: True,
    "succeeded": _is("ok"),
    "failed": _is("failed"),
    "in_progress": _is("open"),
    "unfinished": _is("unfinished"),
    "hubs": lambda one: "hub" in one.marks,
}


def upload_figures(found: Iterable[Judged]) -> Iterator[Line]:
    kept = [one for one in found if not one.set_aside]
    yield from _measure(CPM_6B, [(one, one.outcome) for one in kept])
    yield from _area("firmware_uploads", UPLOADS, kept, SPLITS, "upload_time")


def activation_figures(found: Iterable[Judged]) -> Iterator[Line]:
    kept = [one for one in found if not one.set_aside]
    yield from _measure(CPM_6C, [(one, one.outcome) for one in kept])
    yield from _area("firmware_activations", ACTIVATIONS, kept, SPLITS, "activation_time")


def trail_figures(found: Iterable[Judged]) -> Iterator[Line]:
    """Of activations as the audit trail tells them."""
    kept = [one for one in found if not one.set_aside]
    yield from _measure(CPM_6C_OBSERVED, [(one, one.outcome) for one in kept])
    yield from _area("trail_activations", IN_TRAIL, kept, tuple(split for split in SPLITS if split != "began_on"), "")


def download_figures(found: Sequence[Judged]) -> Iterator[Line]:
    """Of downloads, each with its hub's own outcome among the marks of the hub's last."""
    of_hubs = [(one, mark) for one in found for mark in one.marks if mark.startswith("hub_")]
    yield from _measure(CPM_6A, of_hubs)
    splits = ("attempted_on", "service_provider", "region", "model")
    yield from _area("hub_downloads", DOWNLOADS, found, splits, "")
    for cell, of in _cells(found, splits):
        ended = [one for one in of if one.outcome != "open"]
        yield f"hub_downloads.attempt_success{cell}", len(ended), sum(one.outcome == "ok" for one in ended), None


def no_data(names: Iterable[str]) -> Iterator[Line]:
    """Where no file came at all, every indicator is named once, without a number."""
    yield from ((name, None, None, None) for name in names)


def oddities(journey: str, found: Iterable[Judged], remarks: Iterable[str]) -> Counter[str]:
    """What data quality counts, under its names: set aside by reason, and remarks over all that were found."""
    told: Counter[str] = Counter()
    for one in found:
        if one.set_aside:
            told[f"{journey}.{one.set_aside}"] += 1
        told.update(f"{journey}.{remark}" for remark in remarks if remark in one.marks)
    return told


def write_oddities(path: Path, told: Counter[str]) -> None:
    """A file of the truth that tells what data quality counts."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "count"))
        writer.writerows(sorted(told.items()))


def write_lines(path: Path, lines: Iterable[Line]) -> None:
    """A file of the truth that tells figures."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "counted", "met", "value_decisecond"))
        writer.writerows(["" if cell is None else cell for cell in line] for line in sorted(lines))


def _measure(share: Share, found: Sequence[tuple[Judged, str]]) -> Iterator[Line]:
    told = [(one, outcome) for one, outcome in found if outcome in share.counted | {"open", "hub_open"}]
    for by in ("", *share.splits):
        cells: dict[str, list[str]] = {} if by else {"": []}
        for one, outcome in told:
            cells.setdefault(_cell(by, one), []).append(outcome)
        for cell, outcomes in cells.items():
            counted, met = (sum(outcome in of for outcome in outcomes) for of in (share.counted, share.met))
            yield f"{share.name}{cell}", counted, met, None


def _area(subject: str, counts: dict[str, Counts], found: Sequence[Judged], splits: Sequence[str], span: str) -> Iterator[Line]:
    for cell, of in _cells(found, splits):
        for name, is_counted in counts.items():
            yield f"{subject}.{name}{cell}", sum(is_counted(one) for one in of), None, None
        if span:
            rungs = sorted(one.span_us // RUNG_US for one in of if one.span_us is not None)
            for word, per_mille in PER_MILLE.items():
                rung = rungs[(per_mille * len(rungs) + 999) // 1000 - 1] if rungs else None
                yield f"{subject}.{span}_{word}{cell}", len(rungs), None, rung


def _cells(found: Sequence[Judged], splits: Sequence[str]) -> Iterator[tuple[str, list[Judged]]]:
    yield "", list(found)
    for by in splits:
        cells: dict[str, list[Judged]] = {}
        for one in found:
            cells.setdefault(_cell(by, one), []).append(one)
        yield from cells.items()


def _cell(by: str, one: Judged) -> str:
    if not by:
        return ""
    value = one.splits[by].replace("%", "%25").replace("/", "%2F").replace("=", "%3D")
    return f"/{by}={value}"
