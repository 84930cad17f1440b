"""The Service Providers' monthly reports: an initial by Working Day 2, a final by Working Day 5, from all thirteen senders (CR1430)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from tocsin.estate.chance import chance
from tocsin.estate.events.report_layouts import LAYOUTS, ReportLayout
from tocsin.estate.events.report_measures import ReportMeasure, measures_of, providers_of
from tocsin.estate.faults.rhythm import due_at, ready_at, slot_label
from tocsin.estate.growth import Volume, volume_of
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.senders.table_file import write_table
from tocsin.estate.truth.faults import FATES_NAMED_AS, PlantedFault
from tocsin.estate.truth.level_figures import Line, report_lines, write_figures
from tocsin.vocabulary.calendar import WorkingDays
from tocsin.vocabulary.instants import local_instant

FEED = "provider_reports"

# Two senders can only send drafts on Working Day 7, for some transactions have a target of 48 hours (paper 3, notes on CR1430).
SLOW, SLOW_WORKING_DAYS = ("S1SP-TRILLIANT", "S1SP-6"), {"initial": 7, "final": 10}
# A final only where one is applicable (CR1430 B): this sender's initial is its last word.
INITIAL_ONLY = "S1SP-9"
WITHOUT_COUNTS = "S1SP-8"

COMMENTS = ("", "", "", "Planned maintenance on the 12th", "Backlog after a firmware campaign", "Under investigation, see Incident")
# An initial is made before the last of the month's events are counted: so many of 10,000 are missing from it.
UNCOUNTED = 40

COLUMNS = (
    "sender", "submission", "stands", "report", "measure_ref", "service_provider", "region", "unit", "counted", "met",
    "percent_hundredths", "exception_count",
)  # fmt: skip


@dataclass
class ReportTruth:
    """Every row of every report that came whole, by sender and submission; what stands of a sender is its final, else its initial.

    A row holds what a reader of that sender's layout can know: None where the layout tells no such thing.
    """

    reports: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)

    def write(self, truth: Path) -> None:
        """provider_reports.csv and report_figures.csv into the folder."""
        with (truth / "provider_reports.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for (sender, submission), rows in sorted(self.reports.items()):
                stands = "yes" if self._stands(sender, submission) else "no"
                writer.writerows((sender, submission, stands, *(row.get(name) for name in COLUMNS[3:])) for row in rows)
        write_figures(truth / "report_figures.csv", self.lines())

    def lines(self) -> list[Line]:
        """Every figure of the reports."""
        told = [(at, {**row, "sender": at[0], "submission": at[1]}) for at, rows in sorted(self.reports.items()) for row in rows]
        owed = {
            provider.code: [measure.ref for measure in measures_of(provider)]
            for layout in LAYOUTS
            for provider in providers_of(layout.sender)
        }
        stands = [row for at, row in told if self._stands(*at)]
        return report_lines(stands, [row for at, row in told if at[1] == "initial"], owed)

    def _stands(self, sender: str, submission: str) -> bool:
        return submission == "final" or (sender, "final") not in self.reports


def post_provider_reports(plan: Plan, population: Population, outbox: Outbox, aside: Path) -> ReportTruth:
    """Write the reports of the month of every sender, as initial and final."""
    truth = ReportTruth()
    for layout in LAYOUTS:
        for submission in ("initial", "final") if layout.sender != INITIAL_ONLY else ("initial",):
            rows = draw_report(plan, len(population.devices), layout.sender, submission)
            posting = _posting(plan, layout, submission, aside / "report", len(rows))
            write_table(posting.body, layout.table, rows)
            outbox.post(posting)
            if _came(outbox, posting):
                truth.reports[layout.sender, submission] = [_as_told(layout, row) for row in rows]
                if submission == "initial" and layout.sender in SLOW:
                    _note_slow(outbox, posting)
    return truth


def expected_provider_reports(plan: Plan) -> list[dict[str, Any]]:
    """All thirteen senders owe a report of the month."""
    one = {"feed": FEED, "every": "month", "since": plan.period.first_on, "until": plan.period.next().first_on}
    return [{**one, "sender": layout.sender} for layout in LAYOUTS]


def draw_report(plan: Plan, devices: int, sender: str, submission: str) -> list[dict[str, Any]]:
    """Rows of one sender's reports: feed column to value, all of them, whatever its layout leaves out; `percent` is text such as 99.28."""
    rows = []
    for provider in providers_of(sender):
        for measure in measures_of(provider):
            random = chance(plan.seed, "report", provider.code, measure.ref)
            counted = _followed(plan, devices, measure)
            if provider.role == "csp" and measure.unit == "events":
                counted //= 3
            missed = int(random.binomial(counted, (10_000 - measure.level) / 10_000)) if counted else 0
            exceptions = int(random.integers(0, 1 + missed // 4))
            comment = COMMENTS[int(random.integers(0, len(COMMENTS)))]
            if submission == "initial" and measure.unit == "events":
                counted -= counted * UNCOUNTED // 10_000
                missed = min(missed, counted)
            met = counted - missed
            # A percentage of no events is none at all.
            percent = (met * 20_000 + counted) // (2 * counted) if counted else None
            rows.append(
                {
                    "report": measure.report,
                    "measure_ref": measure.ref,
                    "month_start_at": plan.period.start_at,
                    "service_provider": provider.code,
                    "region": provider.region if provider.role == "csp" else None,
                    "unit": measure.unit,
                    "counted": counted,
                    "met": met,
                    "percent_hundredths": percent,
                    "percent": None if percent is None else f"{percent // 100}.{percent % 100:02d}",
                    "exception_count": exceptions,
                    "comment": comment or None,
                }
            )
    if sender == WITHOUT_COUNTS:
        return [row for row in rows if row["percent"] is not None]
    return rows


def _followed(plan: Plan, devices: int, measure: ReportMeasure) -> int:
    volume: Volume = volume_of(plan.period)
    scaled = {
        "messages": _scaled(plan, volume.messages),
        "future_dated": _scaled(plan, volume.messages) // 12,
        "scheduled": _scaled(plan, volume.messages) // 2,
        # Half a test command for each Communications Hub and month (domain.md 2.3), of which a quarter of the devices are.
        "test_commands": devices // 4,
        "alerts": _scaled(plan, volume.device_alerts + volume.dcc_alerts),
        "hubs": devices // 4,
        "few": 1000,
        "minutes": plan.period.minutes,
    }[measure.follows]
    return scaled * measure.per_mille // 1000


def _scaled(plan: Plan, value: int) -> int:
    return value * plan.scale.numerator // plan.scale.denominator


def _posting(plan: Plan, layout: ReportLayout, submission: str, body: Path, rows: int) -> Posting:
    start_at, end_at = plan.period.start_at, plan.period.end_at
    ready = ready_at(FEED, layout.sender, start_at, submission)
    if layout.sender in SLOW:
        on = WorkingDays().working_day(plan.period, SLOW_WORKING_DAYS[submission])
        ready = local_instant(on, time(15), "UTC")
    name = layout.name.format(month=plan.period.label.replace("-", ""), submission=submission)
    return Posting(FEED, layout.sender, name, start_at, end_at, submission, body, rows, {}, ready, due_at(FEED, start_at))


def _as_told(layout: ReportLayout, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as a reader of the layout knows it; a sender that names no Service Provider or region is that of its Shape."""
    told = set(layout.table.columns.values())
    if "percent" in told:
        told.add("percent_hundredths")
    return {name: row[name] if name in told else None for name in row if name != "percent"} | {
        "service_provider": row["service_provider"],
        "region": row["region"],
    }


def _came(outbox: Outbox, posting: Posting) -> bool:
    """Whether a whole copy of this submission comes by `until_at`."""
    copies = outbox.fates.copies(posting.feed, posting.sender, posting.start_at, posting.ready_at, posting.due_at)
    return any(copy.is_whole and copy.arrives_at <= outbox.plan.until_at for copy in copies)


def _note_slow(outbox: Outbox, posting: Posting) -> None:
    """The agreed slowness is late all the same, and a run must say so."""
    if outbox.fates.fate(FEED, posting.sender, posting.start_at) not in {"late", "missing"}:
        slot = slot_label(FEED, posting.start_at)
        outbox.planted([PlantedFault("late", FEED, posting.sender, slot, posting.name, 1, FATES_NAMED_AS["late"])])
