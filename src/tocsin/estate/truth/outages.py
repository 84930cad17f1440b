"""The truth of availability: minutes of a month in which a service was planned to be down, and was down beside that (domain.md 2.6)."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.estate.events.outages import Outage
from tocsin.estate.truth.level_figures import MINUTE_INDICATORS, Line, nothing, write_figures
from tocsin.vocabulary.availability import OUTAGE_SERVICES
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import MINUTE_US

Span = tuple[int, int]
COLUMNS = (
    "service", "outages", "month_minutes", "planned_minutes", "tap_minutes", "unplanned_minutes_in_tap", "without_incident", "is_delivered"
)  # fmt: skip


@dataclass(frozen=True)
class OutageTruth:
    """The outages of a month, and whether the file that tells of them came whole."""

    period: Period
    outages: Sequence[Outage]
    is_delivered: bool

    def write(self, truth: Path) -> None:
        """truth/outages.csv: one line a service, whole minutes; and truth/availability_figures.csv."""
        with (truth / "outages.csv").open("w", encoding="utf-8", newline="") as file:
            written = csv.writer(file, lineterminator="\n")
            written.writerow(COLUMNS)
            for service in sorted({outage.service for outage in self.outages}):
                written.writerow(self.line(service))
        write_figures(truth / "availability_figures.csv", self.lines())

    def lines(self) -> list[Line]:
        """Every figure of availability: a service without an outage was there all the month."""
        if not self.is_delivered:
            return [*nothing("cpm_6"), *nothing("availability_minutes", MINUTE_INDICATORS)]
        found: list[Line] = []
        for service in OUTAGE_SERVICES:
            of = dict(zip(COLUMNS, self.line(service), strict=True))
            own = [outage for outage in self.outages if outage.service == service and self._clipped([outage])]
            month, planned, down = (int(str(of[name])) for name in ("month_minutes", "planned_minutes", "unplanned_minutes_in_tap"))
            numbers: dict[str, tuple[int, int | None]] = {
                "of_tap": (month - planned, month - planned - down),
                "of_month": (month, month - down),
                "maintenance": (planned, None),
                "down": (down, None),
                "outages": (len(own), None),
                "failovers": (sum(outage.kind == "failover" for outage in own), None),
                "no_incident": (sum(outage.kind == "unplanned" and outage.incident_id is None for outage in own), None),
                "not_compliant": (sum(outage.kind == "planned" and not outage.is_compliant for outage in own), None),
                # What is drawn as compliant keeps to the nights.
                "untimely": (0, None),
            }
            found += [(f"availability_minutes.{name}/service={service}", *cells, None) for name, cells in numbers.items()]
            if service == "ssi":
                found += [(name, *numbers["of_tap"], None) for name in ("cpm_6", "cpm_6/service=ssi")]
        return found

    def line(self, service: str) -> tuple[object, ...]:
        """The cells of one service, in the order of COLUMNS."""
        own = [outage for outage in self.outages if outage.service == service]
        down = [outage for outage in own if outage.kind != "failover"]
        # Maintenance that was not arranged as H8.2 and H8.3 want it takes nothing from the Target Availability Period: it is downtime.
        arranged = merged(self._clipped(outage for outage in down if outage.kind == "planned" and outage.is_compliant))
        others = merged(self._clipped(outage for outage in down if not (outage.kind == "planned" and outage.is_compliant)))
        planned = complete_minutes(arranged)
        unrecorded = sum(outage.kind == "unplanned" and outage.incident_id is None for outage in own)
        month = self.period.minutes
        return (
            service,
            len(own),
            month,
            planned,
            month - planned,
            complete_minutes(without(others, arranged)),
            unrecorded,
            "yes" if self.is_delivered else "no",
        )

    def _clipped(self, found: Iterable[Outage]) -> list[Span]:
        spans = [(max(one.started_at, self.period.start_at), min(one.ended_at, self.period.end_at)) for one in found]
        return [span for span in spans if span[0] < span[1]]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as stretches that do not overlap: two outages at once are one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(spans: Iterable[Span], holes: Sequence[Span]) -> list[Span]:
    """What of some stretches lies in none of the holes, which are merged and in order."""
    left = []
    for start, end in spans:
        at = start
        for hole_start, hole_end in holes:
            if hole_end > at and hole_start < end:
                if hole_start > at:
                    left.append((at, hole_start))
                at = max(at, hole_end)
        if at < end:
            left.append((at, end))
    return left


def complete_minutes(spans: Iterable[Span]) -> int:
    """Complete minutes of each stretch: 299 s are four, 30 s none (domain.md 15.3)."""
    return sum((end - start) // MINUTE_US for start, end in spans)
