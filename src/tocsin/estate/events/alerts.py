"""The alerts of the estate: drawn day by day, told by eleven senders in quarter-hours, counted while they are drawn (CR1418, CR1438)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.estate.block import EMPTY, Block
from tocsin.estate.events.alert_codes import ALERT_CODES
from tocsin.estate.events.alert_draw import draw_alerts
from tocsin.estate.events.alert_files import SenderFiles, write_slice, write_text
from tocsin.estate.events.alert_layouts import COUNTING, LAYOUTS
from tocsin.estate.events.alert_told import ToldAlerts, told_activations
from tocsin.estate.events.alert_truth import STAGES, AlertTruth
from tocsin.estate.events.firmware_draw import activations as activations_in
from tocsin.estate.events.firmware_draw import draw_attempts
from tocsin.estate.faults.rhythm import due_at, ready_at
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.senders.rhythm import SILENT, day_on, silence
from tocsin.estate.truth.alert_flows import AlertFlows
from tocsin.estate.truth.alert_stamps import AlertStamps
from tocsin.estate.words import number
from tocsin.vocabulary.instants import DAY_US, QUARTER_HOUR_US, moment

STAGED, COUNTED = "alert_stages", "alert_counts"
COUNTS_PREFIX = "DCO_ALERT_COUNTS_"

# The way of an alert ends well within an hour: the quarter-hours after the month hold what its last alerts still passed.
AFTER_MONTH_US = 4 * QUARTER_HOUR_US


def post_alerts(plan: Plan, population: Population, outbox: Outbox, aside: Path, activations: Block | None = None) -> AlertTruth:
    """Write the quarter-hour files of every sender from `plan.slices_from` on, and count them.

    `activations`: device (place), at_us of firmware activations, those of the campaigns where not given: some cut a Communications Hub's
    power and raise a false AD1. Of those that are given, no file tells.
    """
    attempts = draw_attempts(plan, population) if activations is None else []
    hubs = told_activations(plan, population, outbox.fates, attempts)
    activations = activations_in(attempts, population) if activations is None else activations

    senders = {layout.sender for layout in LAYOUTS}

    def came(sender: str, start_at: int) -> bool:
        return sender in senders and is_sent(plan, sender, start_at) and outbox.fates.stands(STAGED, sender, start_at)

    told = ToldAlerts(plan, population, AlertFlows(plan.period, plan.until_at, came), hubs)
    writing = _Writing(plan, outbox, aside, [SenderFiles(layout, population) for layout in LAYOUTS], came, told, AlertTruth(told))
    days = _days(plan)
    for day in days:
        alerts = draw_alerts(plan, population, day, activations)
        writing.truth.add_paths(alerts, day)
        writing.add(alerts)
        end_at = plan.period.end_at + AFTER_MONTH_US if day == days[-1] else (day + 1) * DAY_US
        writing.post(range(day * DAY_US, end_at, QUARTER_HOUR_US))
    return writing.truth


def expected_alerts(plan: Plan) -> list[dict[str, Any]]:
    """Who owes alerts, every quarter-hour of the month from the first that is written; the agreed silence is carved out."""
    days = _days(plan)
    if not days:
        return []
    first, until = day_on(days[0]), plan.period.next().first_on
    start, end = (day_on(day) for day in silence(plan))
    owed: list[dict[str, Any]] = []
    for feed, sender in (*((STAGED, layout.sender) for layout in LAYOUTS), (COUNTED, COUNTING)):
        one: dict[str, Any] = {"feed": feed, "sender": sender, "every": "quarter_hour", "since": first, "until": until}
        owed += [{**one, "until": start}, {**one, "since": max(end, first)}] if sender == SILENT else [one]
    return [one for one in owed if one["since"] < one["until"]]


def is_sent(plan: Plan, sender: str, start_at: int) -> bool:
    """Whether a sender sends the file of a quarter-hour by `until_at`: one is silent on five days, as agreed."""
    start, end = silence(plan)
    is_silent = sender == SILENT and start <= start_at // DAY_US < end
    return not is_silent and start_at + QUARTER_HOUR_US <= min(plan.until_at, plan.period.end_at + AFTER_MONTH_US)


def _days(plan: Plan) -> list[int]:
    """UTC days of the month from `slices_from` on that have begun by `until_at`."""
    days = [day for day in plan.period.days() if day * DAY_US < plan.until_at]
    return [day for day in days if plan.slices_from is None or day_on(day) >= plan.slices_from]


@dataclass
class _Writing:
    """What stands in no file yet: of each sender's lines the instant it had them, the text and the rows they make; counts by code."""

    plan: Plan
    outbox: Outbox
    aside: Path
    senders: list[SenderFiles]
    came: Callable[[str, int], bool]
    told: ToldAlerts
    truth: AlertTruth
    lines: dict[str, list[tuple[int, str, int]]] = field(default_factory=dict)
    counted: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, alerts: Block) -> None:
        stamps = AlertStamps(len(alerts))
        for files in self.senders:
            rows = files.rows(alerts)
            self._add_truth(files, alerts, rows, stamps)
            waiting = self.lines.setdefault(files.layout.sender, [])
            waiting.extend(zip(rows["file_at"].tolist(), files.lines(alerts, rows), files.made(alerts, rows).tolist(), strict=True))
            waiting.sort(key=lambda line: line[0])
        self.told.close_day(alerts, stamps)
        # The counting sender's stage c: how many alerts of each code it received in each quarter-hour.
        smets1 = alerts.take((alerts["region"] == number("region", "smets1")) & (alerts["c"] != EMPTY))
        keys, counts = np.unique(smets1["c"] // QUARTER_HOUR_US * len(ALERT_CODES) + smets1["code"], return_counts=True)
        for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
            self.counted[key // len(ALERT_CODES) * QUARTER_HOUR_US, key % len(ALERT_CODES)] += count

    def post(self, slices: range) -> None:
        """Post these quarter-hours; lines of later ones wait."""
        for files in self.senders:
            layout, lines, place = files.layout, self.lines[files.layout.sender], 0
            for start_at in slices:
                first = place
                while place < len(lines) and lines[place][0] < start_at + QUARTER_HOUR_US:
                    place += 1
                if is_sent(self.plan, layout.sender, start_at):
                    body = self.aside / "alerts"
                    write_slice(layout, [line for _, line, _ in lines[first:place]], body)
                    made = sum(rows for _, _, rows in lines[first:place])
                    self._post(STAGED, layout.sender, f"{layout.prefix}{_stamp(start_at)}.csv.gz", start_at, made)
            del lines[:place]
        codes: dict[int, list[tuple[int, int]]] = {}
        for (at, code), count in sorted(self.counted.items()):
            codes.setdefault(at, []).append((code, count))
        for start_at in slices:
            told = codes.get(start_at, [])
            for code, _ in told:
                del self.counted[start_at, code]
            self._post_counts(start_at, told)

    def _post_counts(self, start_at: int, told: list[tuple[int, int]]) -> None:
        if not is_sent(self.plan, COUNTING, start_at):
            return
        begins = f"{moment(start_at):%Y-%m-%dT%H:%MZ}"
        lines = [f"{begins};{ALERT_CODES[code]};{count}" for code, count in told]
        write_text(self.aside / "alerts", "SliceStart;AlertCode;Received", lines)
        self._post(COUNTED, COUNTING, f"{COUNTS_PREFIX}{_stamp(start_at)}.csv.gz", start_at, len(told))
        if told and self.outbox.fates.stands(COUNTED, COUNTING, start_at):
            self.truth.slices[COUNTED, COUNTING, start_at, "c"] += sum(count for _, count in told)
            self.told.flows.add_count(COUNTING, "c", "smets1", start_at, sum(count for _, count in told))

    def _post(self, feed: str, sender: str, name: str, start_at: int, rows: int) -> None:
        end_at, ready, due = start_at + QUARTER_HOUR_US, ready_at(feed, sender, start_at), due_at(feed, start_at)
        self.told.has_files |= start_at < self.plan.period.end_at and self.outbox.fates.stands(feed, sender, start_at)
        self.outbox.post(Posting(feed, sender, name, start_at, end_at, "final", self.aside / "alerts", rows, {}, ready, due))

    def _add_truth(self, files: SenderFiles, alerts: Block, rows: Block, stamps: AlertStamps) -> None:
        sender = files.layout.sender
        places, stages, told_at = files.told(alerts, rows)
        slices, where = np.unique(rows["file_at"][places] // QUARTER_HOUR_US, return_inverse=True)
        came = np.array([self.came(sender, start * QUARTER_HOUR_US) for start in slices.tolist()], bool)[where]
        of_alerts = rows["row"][places]
        held = alerts["consolidated"][of_alerts] & (stages == STAGES.index("e")) & (sender == "DSP")
        self.truth.add_slices(sender, (STAGED, stages[came], told_at[came]), held[came])
        self.told.add_rows(stamps, files.layout, alerts, (of_alerts[came], stages[came], told_at[came]))


def _stamp(start_at: int) -> str:
    return f"{moment(start_at):%Y%m%dT%H%M}"
