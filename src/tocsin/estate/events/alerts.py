"""The alerts of the estate: drawn stretch by stretch, told by eleven senders in quarter-hours, counted the while (CR1418, CR1438)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.estate.block import EMPTY, Block, Truth, Whole
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
from tocsin.estate.progress import Progress
from tocsin.estate.senders.rhythm import SILENT, day_on, silence
from tocsin.estate.truth.alert_flows import AlertFlows
from tocsin.estate.truth.alert_stamps import AlertStamps
from tocsin.estate.words import number
from tocsin.vocabulary.instants import DAY_US, QUARTER_HOUR_US, moment

STAGED, COUNTED = "alert_stages", "alert_counts"
COUNTS_PREFIX = "DCO_ALERT_COUNTS_"

# The way of an alert ends well within an hour: the quarter-hours after the month hold what its last alerts still passed.
AFTER_MONTH_US = 4 * QUARTER_HOUR_US


def post_alerts(
    plan: Plan,
    population: Population,
    outbox: Outbox,
    aside: Path,
    activations: Block | None = None,
    *,
    progress: Progress = lambda done, of, step: None,
) -> AlertTruth:
    """Write the quarter-hour files of every sender from `plan.slices_from` on, and count them.

    `activations`: device (place), at_us of firmware activations, those of the campaigns where not given: some cut a Communications Hub's
    power and raise a false AD1. Of those that are given, no file tells.
    """
    attempts = draw_attempts(plan, population) if activations is None else []
    hubs = told_activations(plan, population, outbox.fates, attempts) if attempts else {}
    activations = activations_in(attempts, population) if activations is None else activations

    senders = {layout.sender for layout in LAYOUTS}

    def came(sender: str, start_at: int) -> bool:
        return sender in senders and is_sent(plan, sender, start_at) and outbox.fates.stands(STAGED, sender, start_at)

    told = ToldAlerts(plan, population, AlertFlows(plan.period, plan.until_at, came), hubs)
    writing = _Writing(plan, outbox, aside, [SenderFiles(layout, population) for layout in LAYOUTS], came, told, AlertTruth(told))
    days = _days(plan)
    posted_at = days[0] * DAY_US if days else 0
    for day in days:
        for stretch, alerts in draw_alerts(plan, population, day, activations):
            progress(stretch.place, stretch.of, "alerts")
            writing.truth.add_paths(alerts, day)
            writing.add(alerts)
            # Nothing that comes later was known to any sender before the stretch ended; a quarter-hour that has ended is whole.
            end_at = stretch.end_at - stretch.end_at % QUARTER_HOUR_US
            if day == days[-1] and stretch.end_at == (day + 1) * DAY_US:
                end_at += AFTER_MONTH_US
            writing.post(range(posted_at, end_at, QUARTER_HOUR_US))
            posted_at = end_at
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
    days = [day for day in plan.period.days() if day in plan.days and day * DAY_US < plan.until_at]
    return [day for day in days if plan.slices_from is None or day_on(day) >= plan.slices_from]


@dataclass
class _Writing:
    """What stands in no file yet: of each sender the lines, as rows of the alerts that are kept for them; counts by code."""

    plan: Plan
    outbox: Outbox
    aside: Path
    senders: list[SenderFiles]
    came: Callable[[str, int], bool]
    told: ToldAlerts
    truth: AlertTruth
    alerts: Block | None = None
    lines: dict[str, Block] = field(default_factory=dict)
    counted: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, alerts: Block) -> None:
        stamps, before = AlertStamps(len(alerts)), 0 if self.alerts is None else len(self.alerts)
        for files in self.senders:
            rows = files.rows(alerts)
            self._add_truth(files, alerts, rows, stamps)
            rows, sender = rows.put(row=rows["row"] + before), files.layout.sender
            self.lines[sender] = Block.together([self.lines[sender], rows]) if before else rows
        self.told.close(alerts, stamps)
        self.alerts = alerts if self.alerts is None else Block.together([self.alerts, alerts])
        # The counting sender's stage c: how many alerts of each code it received in each quarter-hour.
        smets1 = alerts.take((alerts["region"] == number("region", "smets1")) & (alerts["c"] != EMPTY))
        keys, counts = np.unique(smets1["c"] // QUARTER_HOUR_US * len(ALERT_CODES) + smets1["code"], return_counts=True)
        for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
            self.counted[key // len(ALERT_CODES) * QUARTER_HOUR_US, key % len(ALERT_CODES)] += count

    def post(self, slices: range) -> None:
        """Post these quarter-hours; lines of later ones wait."""
        if not slices:
            return
        for files in self.senders:
            self._post_lines(files, slices)
        self._forget()
        codes: dict[int, list[tuple[int, int]]] = {}
        for (at, code), count in sorted(self.counted.items()):
            codes.setdefault(at, []).append((code, count))
        for start_at in slices:
            told = codes.get(start_at, [])
            for code, _ in told:
                del self.counted[start_at, code]
            self._post_counts(start_at, told)

    def _post_lines(self, files: SenderFiles, slices: range) -> None:
        layout, alerts, lines = files.layout, self.alerts, self.lines[files.layout.sender]
        if alerts is None:
            return
        # Of lines had at the same instant, those drawn earlier come first.
        order = np.argsort(lines["file_at"], kind="stable")
        ends = np.searchsorted(lines["file_at"], [at + QUARTER_HOUR_US for at in slices], sorter=order).tolist()
        due = lines.take(order[: ends[-1]])
        self.lines[layout.sender] = lines.take(order[ends[-1] :])
        made, texts = np.cumsum(np.append(0, files.made(alerts, due))), files.texts(alerts, due)
        for start_at, first, end in zip(slices, (0, *ends), ends, strict=False):
            if is_sent(self.plan, layout.sender, start_at):
                write_slice(layout, texts.between(first, end), self.aside / "alerts")
                name = f"{layout.prefix}{_stamp(start_at)}.csv.gz"
                self._post(STAGED, layout.sender, name, start_at, int(made[end] - made[first]))

    def _forget(self) -> None:
        """Keep of the alerts those alone of which lines wait."""
        if self.alerts is None:
            return
        kept = np.zeros(len(self.alerts), bool)
        for lines in self.lines.values():
            kept[lines["row"]] = True
        places = np.cumsum(kept) - 1
        self.alerts = self.alerts.take(kept)
        self.lines = {sender: lines.put(row=places[lines["row"]]) for sender, lines in self.lines.items()}

    def _post_counts(self, start_at: int, told: list[tuple[int, int]]) -> None:
        if not is_sent(self.plan, COUNTING, start_at):
            return
        begins = f"{moment(start_at):%Y-%m-%dT%H:%MZ}"
        lines = [f"{begins};{ALERT_CODES[code]};{count}\n".encode() for code, count in told]
        write_text(self.aside / "alerts", "SliceStart;AlertCode;Received", lines)
        self._post(COUNTED, COUNTING, f"{COUNTS_PREFIX}{_stamp(start_at)}.csv.gz", start_at, len(told))
        if told and self.outbox.fates.stands(COUNTED, COUNTING, start_at):
            self.truth.slices[COUNTED, COUNTING, start_at, "c"] += sum(count for _, count in told)
            self.told.flows.add_count(COUNTING, "c", "smets1", start_at, sum(count for _, count in told))

    def _post(self, feed: str, sender: str, name: str, start_at: int, rows: int) -> None:
        end_at, ready, due = start_at + QUARTER_HOUR_US, ready_at(feed, sender, start_at), due_at(feed, start_at)
        self.told.has_files |= start_at < self.plan.period.end_at and self.outbox.fates.stands(feed, sender, start_at)
        self.outbox.post(Posting(feed, sender, name, start_at, end_at, "final", self.aside / "alerts", rows, {}, ready, due))

    def _came(self, sender: str, slices: Whole) -> Truth:
        """Whether the sender's file came, for numbers of quarter-hours."""
        if not len(slices):
            return np.zeros(0, bool)
        # A few hundred quarter-hours of a day: looked up by place, which sorts nothing.
        first = int(slices.min())
        is_there = np.bincount(slices - first)
        found = np.zeros(len(is_there), bool)
        for place in np.flatnonzero(is_there).tolist():
            found[place] = self.came(sender, (first + place) * QUARTER_HOUR_US)
        return found[slices - first]

    def _add_truth(self, files: SenderFiles, alerts: Block, rows: Block, stamps: AlertStamps) -> None:
        sender = files.layout.sender
        places, stages, told_at = files.told(alerts, rows)
        came = self._came(sender, rows["file_at"][places] // QUARTER_HOUR_US)
        of_alerts = rows["row"][places]
        held = alerts["consolidated"][of_alerts] & (stages == STAGES.index("e")) & (sender == "DSP")
        self.truth.add_slices(sender, (STAGED, stages[came], told_at[came]), held[came])
        self.told.add_rows(stamps, files.layout, alerts, (of_alerts[came], stages[came], told_at[came]))


def _stamp(start_at: int) -> str:
    return f"{moment(start_at):%Y%m%dT%H%M}"
